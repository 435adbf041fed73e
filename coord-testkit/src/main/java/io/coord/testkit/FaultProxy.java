package io.coord.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy that stands between client and server and does what bad networks do: {@link #cut} connections, {@link
 * #refuse} new ones, let bytes vanish without a sign ({@link #blackhole}, both ways or one way) or come late ({@link
 * #delay}). It knows nothing of the bytes that it carries.
 *
 * <p>It listens on a free port of the loopback interface and connects to the target for each client, so the target may be
 * restarted on the same port behind it. Each fault stays until {@link #resume}; two faults add up. A method that puts a
 * fault in force returns when it is in force: what a peer sends afterwards meets it.
 *
 * <p>Thread-safe: all state belongs to one event loop, and the methods wait for it.
 */
public final class FaultProxy implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("coord-fault-proxy", true), NioIoHandler.newFactory());
    private final InetSocketAddress target;
    private final List<Link> links = new ArrayList<>();
    private final Map<Direction, Fault> faults = new EnumMap<>(Direction.class);
    private final Channel listener;
    private boolean refusing;

    private FaultProxy(InetSocketAddress target) {
        this.target = target;
        try {
            this.listener = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel client) {
                            accept(client);
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException e) {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw e;
        }
    }

    /** Starts a proxy to a port of this machine. */
    public static FaultProxy to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Starts a proxy to an address; nothing needs to listen there yet. */
    public static FaultProxy to(InetSocketAddress target) {
        return new FaultProxy(target);
    }

    /** The port that clients connect to. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** What a client takes as its connect string to go through this proxy. */
    public String connectString() {
        return "127.0.0.1:" + port();
    }

    /** How many connections from clients are open at this moment. */
    public int connections() {
        int[] count = new int[1];
        onLoop(() -> count[0] = links.size());
        return count[0];
    }

    /**
     * Resets all connections, both sides of each; what was still under way is lost. New ones are welcome at once: with
     * {@link #refuse} before it, they are not.
     */
    public void cut() {
        onLoop(() -> List.copyOf(links).forEach(Link::reset));
    }

    /** Resets each new connection as soon as it is made; those that are there stay. */
    public void refuse() {
        onLoop(() -> refusing = true);
    }

    /** Both ways as {@link #blackhole(Direction)}: a half-open connection, dead although nobody was told. */
    public void blackhole() {
        onLoop(() -> {
            for (Direction direction : Direction.values()) {
                put(direction, fault(direction).stalled());
            }
        });
    }

    /**
     * Lets nothing through in one direction, neither bytes nor the end of a connection, while all connections stay open
     * and new ones can be made. As after a real partition, what was sent meanwhile arrives after {@link #resume} when
     * both sides still hold on to the connection.
     */
    public void blackhole(Direction direction) {
        onLoop(() -> put(direction, fault(direction).stalled()));
    }

    /** Delays all bytes in both directions, so a round trip by twice as much. Their order stays. */
    public void delay(Duration delay) {
        onLoop(() -> {
            for (Direction direction : Direction.values()) {
                put(direction, fault(direction).delayed(delay));
            }
        });
    }

    /** Delays all bytes in one direction. */
    public void delay(Direction direction, Duration delay) {
        onLoop(() -> put(direction, fault(direction).delayed(delay)));
    }

    /** Ends all faults; what was held back is delivered now. */
    public void resume() {
        onLoop(() -> {
            refusing = false;
            for (Direction direction : Direction.values()) {
                put(direction, Fault.NONE);
            }
        });
    }

    /** Resets all connections and frees the port. Harmless when closed before. */
    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        listener.close().syncUninterruptibly();
        cut();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void put(Direction direction, Fault fault) {
        faults.put(direction, fault);
        links.forEach(link -> link.apply(direction, fault));
    }

    private Fault fault(Direction direction) {
        return faults.getOrDefault(direction, Fault.NONE);
    }

    private void accept(SocketChannel client) {
        if (refusing) {
            Link.reset(client);
            return;
        }
        new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel server) {
                        // The handlers come when both sides are there.
                    }
                })
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess() || !client.isActive() || refusing) {
                        Link.reset(client);
                        Link.reset(connected.channel());
                        return;
                    }
                    join(new Link(client, connected.channel()));
                });
    }

    private void join(Link link) {
        links.add(link);
        link.whenGone(() -> links.remove(link));
        for (Direction direction : Direction.values()) {
            link.apply(direction, fault(direction));
        }
    }

    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    /** Which way bytes go. */
    public enum Direction {
        CLIENT_TO_SERVER,
        SERVER_TO_CLIENT
    }

    /** What is wrong with one direction. */
    record Fault(boolean stall, long delayNanos) {
        static final Fault NONE = new Fault(false, 0);

        Fault stalled() {
            return new Fault(true, delayNanos);
        }

        Fault delayed(Duration delay) {
            return new Fault(stall, delay.toNanos());
        }
    }
}
