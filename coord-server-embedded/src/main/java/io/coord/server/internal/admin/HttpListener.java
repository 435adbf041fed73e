package io.coord.server.internal.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port for HTTP. What it asks of a stranger is little: a limited number of connections, short requests, and that they
 * come in time. A port that cannot be had is a warning, never the end of the server.
 */
final class HttpListener {
    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final int MOST_CONNECTIONS = 128;
    private static final int MOST_REQUEST_BYTES = 64 * 1024;
    private static final int BACKLOG = 128;

    private final Channel accepting;

    private HttpListener(Channel accepting) {
        this.accepting = accepting;
    }

    /**
     * Opens a port, and waits for that.
     *
     * @param what it is for, for the log
     * @param idleMs a connection that is silent for so long is closed
     * @param commandPath the path below which there are commands, without a slash at its end; null where there are none
     * @return null when it could not be opened; the log says why
     */
    static @Nullable HttpListener open(
            String what,
            InetSocketAddress address,
            long idleMs,
            HttpPage.Directory pages,
            @Nullable String commandPath,
            EventLoopGroup group) {
        ChannelGroup connections = new DefaultChannelGroup(group.next());
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.size() >= MOST_CONNECTIONS) {
                            channel.close();
                            return;
                        }
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new IdleStateHandler(idleMs, 0, 0, TimeUnit.MILLISECONDS))
                                .addLast(new HttpServerCodec());
                        if (commandPath != null) {
                            channel.pipeline().addLast(new UploadRefusal(commandPath));
                        }
                        channel.pipeline()
                                .addLast(new HttpObjectAggregator(MOST_REQUEST_BYTES, true))
                                .addLast(new HttpRequests(pages));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            LOG.warn(
                    "{} cannot be offered on {}:{}: {}. The server goes on without",
                    what,
                    address.getHostString(),
                    address.getPort(),
                    bound.cause().getMessage() == null
                            ? bound.cause().toString()
                            : bound.cause().getMessage());
            return null;
        }
        HttpListener listener = new HttpListener(bound.channel());
        LOG.info("{} on http://{}:{}", what, address.getHostString(), listener.port());
        return listener;
    }

    /**
     * The codec's name. Asked for before anything is opened: its classes are not needed until somebody connects.
     *
     * @throws NoClassDefFoundError when it is not on the class path
     */
    static String codec() {
        return HttpServerCodec.class.getName();
    }

    int port() {
        return ((InetSocketAddress) accepting.localAddress()).getPort();
    }
}
