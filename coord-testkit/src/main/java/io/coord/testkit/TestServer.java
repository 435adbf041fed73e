package io.coord.testkit;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.spi.Connector;
import io.coord.server.EmbeddedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A real server for a test: it listens on a free port of the loopback interface, ticks fast so that sessions can expire
 * within a second, and can be stopped, started again on the same port, and told to expire a session. What it hands out,
 * clients and proxies, it closes at its end.
 *
 * <pre>{@code
 * try (TestServer server = TestServer.inMemory()) {
 *     CoordClient client = server.newClient();
 *     FaultProxy proxy = server.newProxy();
 *     CoordClient unlucky = server.newClient(settings -> settings.connectString(proxy.connectString()));
 *     …
 * }
 * }</pre>
 *
 * <p>Thread-safe: one lock guards what changes.
 */
public final class TestServer implements AutoCloseable {
    /** Short, so that tests of expiry are; the shortest session time-out is twice as long. */
    public static final Duration TICK = Duration.ofMillis(200);

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    private static final Duration CONTAINER_CHECK = Duration.ofMillis(300);

    private final UnaryOperator<EmbeddedServer.Builder> settings;
    private final AtomicLong aheadMs = new AtomicLong();
    private final Deque<AutoCloseable> handedOut = new ArrayDeque<>();
    /** Written under the lock, read without it: whoever connects must not wait for a restart. */
    private volatile @Nullable EmbeddedServer running;

    private int port;

    private TestServer(UnaryOperator<EmbeddedServer.Builder> settings) {
        this.settings = settings;
        start();
    }

    /** Starts a server that forgets everything when it stops; a client that comes back after that has lost its session. */
    public static TestServer inMemory() {
        return with(settings -> settings);
    }

    /** Starts a server that keeps its data, and its sessions, in a directory. It does not sync it to the disk. */
    public static TestServer on(Path dataDir) {
        return with(settings -> settings.dataDir(dataDir).fsync(false));
    }

    /**
     * Starts a server with settings of one's own, on top of a free port, {@link #TICK} and a frequent search for empty
     * containers. They are applied again at each {@link #start}.
     *
     * @throws io.coord.server.EmbeddedServerException when it cannot start
     */
    public static TestServer with(UnaryOperator<EmbeddedServer.Builder> settings) {
        return new TestServer(settings);
    }

    /** Starts the server again after {@link #stop}, on the port that it had. Without effect while it runs. */
    public synchronized void start() {
        if (running != null) {
            return;
        }
        EmbeddedServer started = settings.apply(EmbeddedServer.builder()
                        .tickTime(TICK)
                        .containerCheckInterval(CONTAINER_CHECK)
                        .clock(
                                () -> Instant.now().plusMillis(aheadMs.get()),
                                () -> NANOSECONDS.toMillis(System.nanoTime()) + aheadMs.get()))
                .port(port)
                .start();
        running = started;
        port = started.port();
    }

    /** Stops the server: all connections break, none can be made. Without effect while it is stopped. */
    public synchronized void stop() {
        EmbeddedServer stopping = running;
        if (stopping != null) {
            running = null;
            stopping.close();
        }
    }

    /** Stops the server and starts it again. */
    public synchronized void restart() {
        stop();
        start();
    }

    /** The same through all restarts. */
    public synchronized int port() {
        return port;
    }

    /** For clients of any make. */
    public String connectString() {
        return "127.0.0.1:" + port();
    }

    /**
     * The server itself; another one after each restart.
     *
     * @throws IllegalStateException while it is stopped
     */
    public EmbeddedServer server() {
        return requireRunning(running);
    }

    private static EmbeddedServer requireRunning(@Nullable EmbeddedServer server) {
        if (server == null) {
            throw new IllegalStateException("The test server is stopped");
        }
        return server;
    }

    /** Connects clients without a socket, to whichever server runs at that moment; the connect string does not matter. */
    public Connector connector() {
        return Connector.local(() -> requireRunning(running).localAddress());
    }

    /** A client with a session on this server. */
    public CoordClient newClient() {
        return newClient(client -> client);
    }

    /**
     * As {@link #newClient()}, with settings of one's own.
     *
     * @throws IllegalStateException when it has no session after a quarter of a minute
     */
    public CoordClient newClient(UnaryOperator<CoordClientBuilder> clientSettings) {
        CoordClient client = clientSettings
                .apply(CoordClient.builder().connectString(connectString()))
                .build();
        synchronized (this) {
            handedOut.push(client);
        }
        client.start();
        if (!client.blockUntilConnected(LONG_ENOUGH)) {
            throw new IllegalStateException("No session on the test server within " + LONG_ENOUGH);
        }
        return client;
    }

    /** A proxy in front of this server; it stays through restarts. */
    public FaultProxy newProxy() {
        FaultProxy proxy = FaultProxy.to(port());
        synchronized (this) {
            handedOut.push(proxy);
        }
        return proxy;
    }

    /**
     * Ends a client's session as if it had been silent for too long, and returns when its ephemerals are gone. The client
     * learns of it as it would in production.
     *
     * @throws IllegalStateException when there is no such session
     */
    public void expire(CoordClient client) {
        long sessionId = client.sessionId();
        if (!server().expireSession(sessionId)
                .orTimeout(LONG_ENOUGH.toMillis(), TimeUnit.MILLISECONDS)
                .join()) {
            throw new IllegalStateException("No session 0x" + Long.toHexString(sessionId));
        }
    }

    /**
     * Moves the server's clock ahead. What is due is done within a tick or two: znodes with a time to live go, and so do the sessions that are
     * not heard of within a tick; whoever is heard of then keeps its session, as after a pause of the whole server.
     *
     * @throws IllegalArgumentException when the time is negative
     */
    public void advanceClock(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a clock does not go back: " + time);
        }
        aheadMs.addAndGet(time.toMillis());
    }

    /** Closes what was handed out, youngest first, then the server; also after {@link #stop}. */
    @Override
    public void close() {
        Deque<AutoCloseable> closing;
        synchronized (this) {
            closing = new ArrayDeque<>(handedOut);
            handedOut.clear();
        }
        @Nullable RuntimeException failure = null;
        for (AutoCloseable each : closing) {
            try {
                each.close();
            } catch (Exception e) {
                failure = failure == null ? new IllegalStateException("Could not close " + each, e) : failure;
            }
        }
        stop();
        if (failure != null) {
            throw failure;
        }
    }
}
