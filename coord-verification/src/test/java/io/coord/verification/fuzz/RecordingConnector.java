package io.coord.verification.fuzz;

import io.coord.client.spi.Connector;
import io.coord.client.spi.ServerAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.Future;
import java.time.Duration;

/** Connects as another does; what the connection then reserves goes through one allocator. */
record RecordingConnector(Connector connector, RecordingAllocator allocator) implements Connector {
    @Override
    public Future<Channel> connect(EventLoop loop, ServerAddress server, Duration timeout, ChannelHandler handler) {
        Future<Channel> connecting = connector.connect(loop, server, timeout, handler);
        return connecting.addListener((Future<Channel> done) -> {
            if (done.isSuccess()) {
                done.getNow().config().setAllocator(allocator);
            }
        });
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return connector.ioHandlerFactory();
    }
}
