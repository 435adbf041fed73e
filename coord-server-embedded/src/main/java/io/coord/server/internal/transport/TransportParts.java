package io.coord.server.internal.transport;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.Set;

/**
 * What all connections of a server share; they share its thread as well.
 *
 * @param maxFrameBytes a longer frame ends its connection
 * @param handshakeTimeoutMs a connection whose connect request is not there by then is closed
 * @param maxPendingBytes more than this waiting for one client ends its connection
 * @param open the connections that are open now
 */
record TransportParts(
        int maxFrameBytes,
        long handshakeTimeoutMs,
        long maxPendingBytes,
        TurnEnd turnEnd,
        WireReader reader,
        WireWriter writer,
        Set<ServerConnection> open) {}
