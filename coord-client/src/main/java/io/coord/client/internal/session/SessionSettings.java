package io.coord.client.internal.session;

import io.coord.client.session.ReconnectBackoff;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.request.AuthPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session needs to know from the start.
 *
 * @param sessionTimeoutMs asked of the server
 * @param connectTimeoutNs for one attempt at one server, handshake included
 * @param requestTimeoutNs the deadline of calls that have none of their own
 * @param credentials presented on each connection, with those that are added later
 * @param maxResponseBytes a longer frame is skipped
 * @param canBeReadOnly whether a server without its ensemble will do
 * @param sasl who the client is, shown by SASL on each connection before anything else; null when it is not
 */
public record SessionSettings(
        List<ServerAddress> servers,
        int sessionTimeoutMs,
        long connectTimeoutNs,
        long requestTimeoutNs,
        List<AuthPacket> credentials,
        ReconnectBackoff backoff,
        int maxPendingCalls,
        int maxResponseBytes,
        boolean canBeReadOnly,
        SaslConversation.@Nullable Factory sasl) {
    /** Lists of children may be long; beyond this something is wrong. */
    public static final int MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

    /** With {@link #MAX_RESPONSE_BYTES}, not read-only, and without SASL. */
    public SessionSettings(
            List<ServerAddress> servers,
            int sessionTimeoutMs,
            long connectTimeoutNs,
            long requestTimeoutNs,
            List<AuthPacket> credentials,
            ReconnectBackoff backoff,
            int maxPendingCalls) {
        this(
                servers,
                sessionTimeoutMs,
                connectTimeoutNs,
                requestTimeoutNs,
                credentials,
                backoff,
                maxPendingCalls,
                MAX_RESPONSE_BYTES,
                false,
                null);
    }
}
