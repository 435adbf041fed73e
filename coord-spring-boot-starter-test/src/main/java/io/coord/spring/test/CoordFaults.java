package io.coord.spring.test;

import io.coord.client.CoordClient;
import io.coord.testkit.FaultProxy;
import io.coord.testkit.FaultProxy.Direction;
import io.coord.testkit.TestServer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What goes wrong in production, for tests. Each method returns when the fault is in force. {@link #heal} ends them, and is called after each
 * test; what the application has lost by then stays lost.
 *
 * <p>Thread-safe: server and proxy are.
 */
public final class CoordFaults {

    private final TestServer server;
    private final FaultProxy proxy;
    private final Supplier<CoordClient> client;

    CoordFaults(TestServer server, FaultProxy proxy, Supplier<CoordClient> client) {
        this.server = server;
        this.proxy = proxy;
        this.client = client;
    }

    /**
     * Ends the session of the application's client, as if it had been silent for too long: its locks, leaderships and registrations are
     * gone when this returns. The client learns of it as in production, and makes a new session.
     *
     * @throws IllegalStateException when it has no session
     */
    public void expireSession() {
        server.expire(client.get());
    }

    /** Resets the application's connections; it may connect again at once. Its session stays. */
    public void cut() {
        proxy.cut();
    }

    /** Delays all bytes to and from the application; a round trip takes twice as long. */
    public void delay(Duration delay) {
        proxy.delay(delay);
    }

    /**
     * Cuts the application off from the server without a sign: connections stay open, and nothing comes through, as behind a broken
     * switch. Its session ends when it has been silent for long enough.
     */
    public void partition() {
        proxy.blackhole();
    }

    /** As {@link #partition()}, one way: what the application sends, or what the server answers. */
    public void partition(Direction direction) {
        proxy.blackhole(direction);
    }

    /** Stops the server until {@link #startServer}: nobody can connect. What it holds is not lost, nor are sessions that come back in time. */
    public void stopServer() {
        server.stop();
    }

    /** Starts the server again. Without effect while it runs. */
    public void startServer() {
        server.start();
    }

    /** Stops the server and starts it again. */
    public void restartServer() {
        server.restart();
    }

    /**
     * Moves the server's clock ahead. What is due is done within moments, such as the removal of znodes with a time to live. Sessions that are
     * not heard of meanwhile end, as after a pause of the whole server: that of a client that is cut off does, that of one that is not may.
     *
     * @throws IllegalArgumentException when the time is negative
     */
    public void advanceClock(Duration time) {
        server.advanceClock(time);
    }

    /** Ends delays and partitions, and starts the server if it is stopped. The clock stays where it is. */
    public void heal() {
        proxy.resume();
        server.start();
    }
}
