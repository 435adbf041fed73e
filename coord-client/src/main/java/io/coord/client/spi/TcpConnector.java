package io.coord.client.spi;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects over TCP. Resolving blocks in the JDK, so each attempt resolves on a thread of its own: a name server that hangs
 * costs the attempt, never the network thread. Literal addresses need none of that.
 */
final class TcpConnector implements Connector {
    @Override
    public Future<Channel> connect(EventLoop loop, ServerAddress server, Duration timeout, ChannelHandler handler) {
        Promise<Channel> connected = loop.newPromise();
        Attempt attempt = new Attempt(loop, server.port(), timeout, handler, connected);
        byte @Nullable [] literal = NetUtil.createByteArrayFromIpAddressString(server.host());
        if (literal != null) {
            try {
                attempt.start(List.of(InetAddress.getByAddress(server.host(), literal)));
            } catch (UnknownHostException e) {
                connected.setFailure(e);
            }
            return connected;
        }
        Thread resolver = new Thread(() -> resolve(server.host(), attempt), "coord-client-resolve");
        resolver.setDaemon(true);
        resolver.start();
        return connected;
    }

    private static void resolve(String host, Attempt attempt) {
        try {
            List<InetAddress> addresses = new ArrayList<>(Arrays.asList(InetAddress.getAllByName(host)));
            Collections.shuffle(addresses);
            attempt.loop.execute(() -> attempt.start(addresses));
        } catch (UnknownHostException e) {
            attempt.loop.execute(() -> attempt.connected.tryFailure(e));
        }
    }

    /** Tries the addresses of one name, one after the other, on the loop. */
    private static final class Attempt {
        final EventLoop loop;
        final Promise<Channel> connected;
        private final int port;
        private final Duration timeout;
        private final ChannelHandler handler;
        private List<InetAddress> addresses = List.of();
        private int next;

        Attempt(EventLoop loop, int port, Duration timeout, ChannelHandler handler, Promise<Channel> connected) {
            this.loop = loop;
            this.port = port;
            this.timeout = timeout;
            this.handler = handler;
            this.connected = connected;
        }

        void start(List<InetAddress> resolved) {
            addresses = resolved;
            tryNext();
        }

        private void tryNext() {
            if (connected.isDone()) {
                return;
            }
            InetAddress address = addresses.get(next++);
            // The handler goes in only once a connection stands: it would hear of failed channels otherwise.
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE))
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

    private static final class Nothing extends io.netty.channel.ChannelInboundHandlerAdapter {}
}
