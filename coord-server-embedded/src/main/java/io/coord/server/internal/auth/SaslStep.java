package io.coord.server.internal.auth;

import org.jspecify.annotations.Nullable;

/**
 * What came of one step of SASL.
 *
 * @param isAccepted false when the authentication has failed: the answer is AUTH_FAILED and the connection ends
 * @param token for the client; null when there is none
 */
public record SaslStep(boolean isAccepted, byte @Nullable [] token) {
    static final SaslStep REFUSED = new SaslStep(false, null);
    /** There are no users: the client is told nothing and gives up, as it does with a ZooKeeper that has none. */
    static final SaslStep NOT_OFFERED = new SaslStep(true, null);
}
