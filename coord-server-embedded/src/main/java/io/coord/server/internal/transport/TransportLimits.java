package io.coord.server.internal.transport;

import io.netty.util.internal.PlatformDependent;

/**
 * What the connections of a server may take.
 *
 * @param maxFrameBytes a longer request ends its connection
 * @param maxResponseBytes a longer response is not sent; its request gets an error instead
 * @param maxConnectionsPerAddress sockets from one address; a further one is closed at once; 0 for any number
 * @param maxConnections sockets in all; a further one is closed at once; 0 for any number
 * @param handshakeTimeoutMs a connection whose connect request is not there by then is closed
 * @param maxPendingBytes more than this waiting for one client ends its connection
 * @param maxBufferedBytes of all connections, waiting for clients or for the rest of a request; beyond it those that hold the
 *     most are closed
 */
public record TransportLimits(
        int maxFrameBytes,
        int maxResponseBytes,
        int maxConnectionsPerAddress,
        int maxConnections,
        long handshakeTimeoutMs,
        long maxPendingBytes,
        long maxBufferedBytes) {
    private static final long HANDSHAKE_TIMEOUT_MS = 10_000;
    private static final long MAX_PENDING_BYTES = 64L << 20;
    /** Buffers are up to twice as large as what they hold, and the application has a use for direct memory, too. */
    private static final int DIRECT_MEMORY_SHARE = 4;

    /** Fitted to the direct memory of this process. */
    public static TransportLimits of(
            int maxFrameBytes, int maxResponseBytes, int maxConnectionsPerAddress, int maxConnections) {
        long buffered = PlatformDependent.maxDirectMemory() / DIRECT_MEMORY_SHARE;
        return new TransportLimits(
                maxFrameBytes,
                maxResponseBytes,
                maxConnectionsPerAddress,
                maxConnections,
                HANDSHAKE_TIMEOUT_MS,
                Math.min(MAX_PENDING_BYTES, buffered / 2),
                buffered);
    }
}
