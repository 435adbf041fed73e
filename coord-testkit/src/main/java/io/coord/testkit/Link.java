package io.coord.testkit;

import io.coord.testkit.FaultProxy.Direction;
import io.coord.testkit.FaultProxy.Fault;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** One client's connection through the proxy: two sockets and a pipe in each direction. Owned by the proxy's event loop. */
final class Link {
    private static final int RESET_ON_CLOSE = 0;

    private final Channel client;
    private final Channel server;
    private final Pipe toServer;
    private final Pipe toClient;

    Link(Channel client, Channel server) {
        this.client = client;
        this.server = server;
        this.toServer = new Pipe(client, server);
        this.toClient = new Pipe(server, client);
        client.pipeline().addLast(toServer);
        server.pipeline().addLast(toClient);
    }

    /** Calls back once when both sockets are closed. */
    void whenGone(Runnable callback) {
        client.closeFuture().addListener(first -> server.closeFuture().addListener(second -> callback.run()));
    }

    void apply(Direction direction, Fault fault) {
        switch (direction) {
            case CLIENT_TO_SERVER -> toServer.apply(fault);
            case SERVER_TO_CLIENT -> toClient.apply(fault);
        }
    }

    void reset() {
        toServer.discard();
        toClient.discard();
        reset(client);
        reset(server);
    }

    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, RESET_ON_CLOSE);
            channel.close();
        }
    }
}
