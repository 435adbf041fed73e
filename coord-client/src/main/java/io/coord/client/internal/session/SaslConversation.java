package io.coord.client.internal.session;

import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** The client's part in one authentication by SASL, on one connection. Owned by the network thread. */
public interface SaslConversation {
    /** Begins conversations that prove the same identity. Thread-safe. Its text names the identity and no secret. */
    interface Factory {
        /** @throws SaslException when this Java has no such mechanism */
        SaslConversation begin() throws SaslException;
    }

    /** What is said first; empty when the server is to begin. */
    byte[] firstToken() throws SaslException;

    /**
     * Takes what the server has said.
     *
     * @return what to say next; null when there is nothing more to say
     * @throws SaslException when the server's word is none of this mechanism, or the server cannot show that it knows the secret
     */
    byte @Nullable [] answer(byte[] challenge) throws SaslException;

    /** Whether both sides have shown what they had to. */
    boolean isComplete();
}
