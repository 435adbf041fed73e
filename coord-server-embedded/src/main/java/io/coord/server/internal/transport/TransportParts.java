package io.coord.server.internal.transport;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.channel.Channel;
import java.util.Set;

/**
 * What all connections of a server share; they share its thread as well.
 *
 * @param maxFrameBytes a longer frame ends its connection
 * @param maxPendingBytes more than this waiting for one client ends its connection
 * @param open the channels that are open now
 */
record TransportParts(
        int maxFrameBytes,
        long maxPendingBytes,
        TurnEnd turnEnd,
        WireReader reader,
        WireWriter writer,
        Set<Channel> open) {}
