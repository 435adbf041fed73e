package io.coord.client.spi;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.function.Supplier;

/** Connects to a server in the same process. */
final class LocalConnector implements Connector {
    private static final IoHandlerFactory IN_PROCESS = LocalIoHandler.newFactory();

    private final Supplier<LocalAddress> address;

    LocalConnector(Supplier<LocalAddress> address) {
        this.address = address;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return IN_PROCESS;
    }

    @Override
    public String describe(ServerAddress server) {
        return "the server of this process";
    }

    @Override
    public Future<Channel> connect(EventLoop loop, ServerAddress server, Duration timeout, ChannelHandler handler) {
        Promise<Channel> connected = loop.newPromise();
        LocalAddress now;
        try {
            now = address.get();
        } catch (RuntimeException e) {
            return connected.setFailure(e);
        }
        new Bootstrap()
                .group(loop)
                .channel(LocalChannel.class)
                .handler(handler)
                .connect(now)
                .addListener((ChannelFuture attempt) -> {
                    if (attempt.isSuccess()) {
                        connected.setSuccess(attempt.channel());
                    } else {
                        connected.setFailure(attempt.cause());
                    }
                });
        return connected;
    }
}
