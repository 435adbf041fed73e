package io.coord.client.internal.sasl;

import io.coord.client.internal.session.SaslConversation;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.RealmChoiceCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * A user and a password by DIGEST-MD5, in the JDK's implementation. Protocol and host are what ZooKeeper's clients and servers sign;
 * they are no secret and name nobody. Immutable, for any thread.
 */
public final class DigestMd5 implements SaslConversation.Factory {
    private static final String MECHANISM = "DIGEST-MD5";
    private static final String PROTOCOL = "zookeeper";
    private static final String HOST = "zk-sasl-md5";

    private final String user;
    private final String password;

    public DigestMd5(String user, String password) {
        this.user = user;
        this.password = password;
    }

    @Override
    public SaslConversation begin() throws SaslException {
        @Nullable
        SaslClient client =
                Sasl.createSaslClient(new String[] {MECHANISM}, user, PROTOCOL, HOST, Map.of(), this::handle);
        if (client == null) {
            throw new SaslException("this Java has no " + MECHANISM);
        }
        return new Conversation(client);
    }

    private void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback each : callbacks) {
            if (each instanceof NameCallback name) {
                name.setName(user);
            } else if (each instanceof PasswordCallback secret) {
                secret.setPassword(password.toCharArray());
            } else if (each instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (each instanceof RealmChoiceCallback realms) {
                realms.setSelectedIndex(realms.getDefaultChoice());
            } else {
                throw new UnsupportedCallbackException(each);
            }
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SASL user " + user + " (" + MECHANISM + ')';
    }

    private record Conversation(SaslClient client) implements SaslConversation {
        @Override
        public byte[] firstToken() throws SaslException {
            byte[] nothing = new byte[0];
            return client.hasInitialResponse() ? client.evaluateChallenge(nothing) : nothing;
        }

        @Override
        public byte @Nullable [] answer(byte[] challenge) throws SaslException {
            return client.evaluateChallenge(challenge);
        }

        @Override
        public boolean isComplete() {
            return client.isComplete();
        }
    }
}
