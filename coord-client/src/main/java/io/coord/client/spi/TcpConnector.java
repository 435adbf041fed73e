package io.coord.client.spi;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connects over TCP. Resolving may block, so it happens on other threads: a name server that hangs costs the attempt, never
 * the network thread. Literal addresses need none of that.
 */
final class TcpConnector implements Connector {
    static final IoHandlerFactory SOCKETS = NioIoHandler.newFactory();
    /** One for all clients, so that they share resolutions. */
    static final TcpConnector SYSTEM = new TcpConnector(HostResolver.system());

    /** What an address gets at least, however many share the time of the attempt. */
    private static final long SHORTEST_MS = 200;

    private final SharedResolution names;

    TcpConnector(HostResolver resolver) {
        this.names = new SharedResolution(resolver);
    }

    @Override
    public Future<Channel> connect(EventLoop loop, ServerAddress server, Duration timeout, ChannelHandler handler) {
        Promise<Channel> connected = loop.newPromise();
        Attempt attempt = new Attempt(loop, server.port(), timeout, handler, connected);
        if (isLiteral(server.host())) {
            try {
                attempt.start(List.of(InetAddress.getByName(server.host())));
            } catch (UnknownHostException e) {
                connected.setFailure(e);
            }
            return connected;
        }
        names.resolve(server.host())
                .whenComplete((addresses, failure) -> loop.execute(() -> {
                    if (failure == null) {
                        attempt.start(addresses);
                    } else {
                        connected.tryFailure(failure);
                    }
                }));
        return connected;
    }

    /** With its scope ({@code fe80::1%eth0}) where it has one; the JDK asks no name server for these. */
    private static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** Tries the addresses of one name, one after the other, on the loop. */
    private static final class Attempt {
        private final EventLoop loop;
        private final Promise<Channel> connected;
        private final int port;
        private final long endNs;
        private final ChannelHandler handler;
        private List<InetAddress> addresses = List.of();
        private int shareMs;
        private int next;

        Attempt(EventLoop loop, int port, Duration timeout, ChannelHandler handler, Promise<Channel> connected) {
            this.loop = loop;
            this.port = port;
            this.endNs = System.nanoTime() + timeout.toNanos();
            this.handler = handler;
            this.connected = connected;
        }

        void start(List<InetAddress> resolved) {
            List<InetAddress> shuffled = new ArrayList<>(resolved);
            Collections.shuffle(shuffled);
            addresses = shuffled;
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            long share = Math.max(leftMs / shuffled.size(), SHORTEST_MS);
            shareMs = (int) Math.min(share, Integer.MAX_VALUE);
            tryNext();
        }

        private void tryNext() {
            if (connected.isDone()) {
                return;
            }
            if (endNs - System.nanoTime() <= 0) {
                // Given up by the client. A name server that answers late would else set off every attempt that waits.
                connected.tryFailure(new ConnectTimeoutException("the time of the attempt is over"));
                return;
            }
            InetAddress address = addresses.get(next++);
            // The handler goes in only once a connection stands: it would hear of failed channels otherwise.
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, shareMs)
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(new Nothing())
                    .connect(new InetSocketAddress(address, port))
                    .addListener((ChannelFuture attempt) -> onAttempt(attempt));
        }

        private void onAttempt(ChannelFuture attempt) {
            Channel channel = attempt.channel();
            if (attempt.isSuccess()) {
                channel.pipeline().addLast(handler);
                if (connected.trySuccess(channel)) {
                    channel.config().setAutoRead(true);
                } else {
                    channel.close();
                }
            } else if (next < addresses.size()) {
                tryNext();
            } else {
                connected.tryFailure(attempt.cause());
            }
        }
    }

    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
