package io.coord.server.internal.auth;

import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's authentication by DIGEST-MD5, in the JDK's implementation. Protocol and host are what ZooKeeper's clients
 * sign; they are no secret and name nobody.
 */
final class SaslExchange {
    private static final String MECHANISM = "DIGEST-MD5";
    private static final String PROTOCOL = "zookeeper";
    private static final String HOST = "zk-sasl-md5";

    private final Map<String, String> passwords;
    private final SaslServer server;

    /** @throws SaslException when this Java has no DIGEST-MD5 */
    SaslExchange(Map<String, String> passwords) throws SaslException {
        this.passwords = passwords;
        @Nullable SaslServer created = Sasl.createSaslServer(MECHANISM, PROTOCOL, HOST, null, this::handle);
        if (created == null) {
            throw new SaslException("this Java has no " + MECHANISM);
        }
        this.server = created;
    }

    /**
     * The server's next word; null when it has none.
     *
     * @throws SaslException when the client is not who it says it is, or does not speak the mechanism
     */
    byte @Nullable [] answer(byte[] token) throws SaslException {
        return server.evaluateResponse(token);
    }

    /** The user, once the client has shown to be one; null before. */
    @Nullable
    String user() {
        return server.isComplete() ? server.getAuthorizationID() : null;
    }

    /** A name or a password that stays unset fails the authentication. Nobody may act as another user. */
    private void handle(Callback[] callbacks) {
        @Nullable String user = null;
        for (Callback each : callbacks) {
            if (each instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (each instanceof NameCallback name) {
                user = name.getDefaultName();
                name.setName(user);
            } else if (each instanceof PasswordCallback password) {
                @Nullable String known = user == null ? null : passwords.get(user);
                if (known != null) {
                    password.setPassword(known.toCharArray());
                }
            } else if (each instanceof AuthorizeCallback authorize) {
                authorize.setAuthorized(authorize.getAuthenticationID().equals(authorize.getAuthorizationID()));
            }
        }
    }
}
