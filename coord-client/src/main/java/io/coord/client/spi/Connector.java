package io.coord.client.spi;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.util.concurrent.Future;
import java.time.Duration;

/**
 * Opens connections. The bytes are the same whatever carries them: TCP, or Netty's local transport to a server in the same
 * process.
 */
public interface Connector {
    /**
     * Starts one attempt. Called on {@code loop}, which it must not block.
     *
     * @param loop where the channel must be registered
     * @param timeout after which the client gives up and closes whatever comes of the attempt
     * @param handler to be the last handler of the channel's pipeline
     * @return completes on {@code loop} with the connected channel
     */
    Future<Channel> connect(EventLoop loop, ServerAddress server, Duration timeout, ChannelHandler handler);

    /** TCP; the name is resolved at each attempt, on a thread of its own, and its addresses are tried in random order. */
    static Connector tcp() {
        return new TcpConnector();
    }

    /** A server in this process; the addresses of the connect string are only names then. */
    static Connector local(LocalAddress address) {
        return new LocalConnector(address);
    }
}
