package io.coord.server.internal.transport;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.runtime.Listing;
import io.coord.server.internal.runtime.SetListing;
import io.coord.server.internal.tls.TlsGate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of a server: those that accept connections, and the connections. */
public final class ServerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTransport.class);
    private static final int RECEIVE_BYTES = 64 * 1024;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 768 * 1024);
    /** Connections that wait to be accepted. */
    public static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final RequestSequencer sequencer;
    private final Clock clock;
    private final TransportParts parts;
    private final ByteBufAllocator allocator = new PooledByteBufAllocator(true, 0, 1, 8192, 7, 256, 64, true);
    private final Set<ServerConnection> open = new HashSet<>();
    private final List<Channel> accepting = new ArrayList<>();

    /** A transport that knows no words and whose metrics nobody sees. */
    public ServerTransport(EventLoopGroup group, RequestSequencer sequencer, Clock clock, TransportLimits limits) {
        this(group, sequencer, clock, limits, new ServerMetrics(), FirstWords.NONE);
    }

    /** @param group of the owner thread */
    public ServerTransport(
            EventLoopGroup group,
            RequestSequencer sequencer,
            Clock clock,
            TransportLimits limits,
            ServerMetrics metrics,
            FirstWords words) {
        this.group = group;
        this.clock = clock;
        this.sequencer = sequencer;
        this.parts = new TransportParts(
                limits,
                new BufferBudget(limits.maxBufferedBytes(), open),
                new ConnectionsByAddress(limits.maxConnectionsPerAddress(), limits.maxConnections()),
                new TurnEnd(),
                new WireReader(Unpooled.EMPTY_BUFFER),
                new WireWriter(Unpooled.EMPTY_BUFFER),
                new LineLimit(LOG, "complaints about what came from clients", clock),
                metrics,
                words,
                open);
    }

    /** Accepts connections in this process. */
    public ChannelFuture bind(LocalAddress address) {
        return bind(LocalServerChannel.class, address, new ServerBootstrap(), Entrance.IN_PROCESS, connection -> {});
    }

    /** Accepts connections from outside; the port of the address may be 0. */
    public ChannelFuture bind(InetSocketAddress address) {
        return bind(address, Entrance.PLAIN, connection -> {});
    }

    /**
     * Accepts connections from outside that speak TLS.
     *
     * @param takesPlain whether those that do not are let in as well
     */
    public ChannelFuture bind(InetSocketAddress address, TlsGate gate, boolean takesPlain) {
        return bind(
                address,
                takesPlain ? Entrance.EITHER : Entrance.SECURE,
                connection -> gate.guard(connection, takesPlain));
    }

    private ChannelFuture bind(InetSocketAddress address, Entrance entrance, Consumer<Channel> guard) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES));
        return bind(NioServerSocketChannel.class, address, bootstrap, entrance, guard);
    }

    private ChannelFuture bind(
            Class<? extends ServerChannel> type,
            SocketAddress address,
            ServerBootstrap bootstrap,
            Entrance entrance,
            Consumer<Channel> guard) {
        ChannelFuture bound = bootstrap
                .group(group)
                .channel(type)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new ServerConnection(sequencer, parts, entrance, clock.monotonicMs()));
                        guard.accept(channel);
                    }
                })
                .bind(address);
        accepting.add(bound.channel());
        return bound;
    }

    /**
     * To be called at each tick, on the owner thread, and before sessions expire: closes what opened a connection and then
     * said nothing, and tells which clients are still there though they cannot be read.
     */
    public void onTick() {
        parts.complaints().onTick();
        long now = clock.monotonicMs();
        for (ServerConnection each : List.copyOf(open)) {
            each.onTick(now);
        }
    }

    /** The open connections, in no order. Owner thread. */
    public Listing<ConnectionInfo> connections() {
        return new SetListing<>(open, ServerConnection::info);
    }

    /** What was counted for each connection begins anew. Owner thread. */
    public void resetStatistics() {
        open.forEach(ServerConnection::resetStatistics);
    }

    /** What is buffered for all connections, in both directions. Owner thread. */
    public long bufferedBytes() {
        return open.stream().mapToLong(ServerConnection::bufferedBytes).sum();
    }

    /** How many connections were closed because of what was buffered for them. Owner thread. */
    public long cutOffConnections() {
        return parts.budget().cutOff();
    }

    /** Closes all channels. Owner thread. */
    public void close() {
        accepting.forEach(Channel::close);
        List.copyOf(open).forEach(ServerConnection::close);
    }
}
