package io.coord.client.spi;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.local.LocalAddress;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Opens connections. The bytes are the same whatever carries them: TCP, or Netty's local transport to a server in the same
 * process.
 *
 * <p>Example: {@link io.coord.client.CoordClientBuilder}.
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

    /**
     * What the client's loop has to drive for this connector's channels; asked when the client starts. Sockets by default.
     * Clients that share threads share a loop when their connectors give the same object, so it should be a constant.
     */
    default IoHandlerFactory ioHandlerFactory() {
        return TcpConnector.SOCKETS;
    }

    /** What an attempt at this server of the connect string reaches, for the log. */
    default String describe(ServerAddress server) {
        return server.toString();
    }

    /** TCP, with names resolved as the JDK does it: {@link HostResolver#system()}. */
    static Connector tcp() {
        return TcpConnector.SYSTEM;
    }

    /**
     * TCP. A name is resolved again for each attempt, off the network thread, and its addresses are tried in random order
     * until one accepts; they share the time of the attempt. Attempts that ask for one name at the same time share one
     * resolution.
     */
    static Connector tcp(HostResolver resolver) {
        return new TcpConnector(resolver);
    }

    /** A server in this process; the addresses of the connect string are only names then. */
    static Connector local(LocalAddress address) {
        return local(() -> address);
    }

    /**
     * As {@link #local(LocalAddress)}, for a server that may start later than the client is built.
     *
     * @param address asked at each attempt, on the loop: it must not block, and fails the attempt by throwing
     */
    static Connector local(Supplier<LocalAddress> address) {
        return new LocalConnector(address);
    }
}
