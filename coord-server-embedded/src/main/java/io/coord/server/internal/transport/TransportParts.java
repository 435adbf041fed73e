package io.coord.server.internal.transport;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.runtime.LineLimit;
import java.util.Set;

/**
 * What all connections of a server share; they share its thread as well.
 *
 * @param complaints what may be said of bad input
 * @param words of operators
 * @param open the connections that are open now
 */
record TransportParts(
        TransportLimits limits,
        BufferBudget budget,
        ConnectionsByAddress addresses,
        TurnEnd turnEnd,
        WireReader reader,
        WireWriter writer,
        LineLimit complaints,
        ServerMetrics metrics,
        FirstWords words,
        Set<ServerConnection> open) {}
