package io.coord.server;

import io.coord.server.internal.runtime.Clock;
import io.netty.channel.local.LocalAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Coord server within this process: one node that speaks ZooKeeper's protocol. Thread-safe: every method may be called
 * from any thread, at any time of the server's life.
 *
 * <pre>{@code
 * try (EmbeddedServer server = EmbeddedServer.builder().port(0).dataDir(path).start()) {
 *     connect(server.connectString());
 * }
 * }</pre>
 */
public final class EmbeddedServer implements AutoCloseable {
    private enum Phase {
        NEW,
        STARTED,
        CLOSED
    }

    private final EmbeddedServerConfig config;
    private final Clock clock;
    private final Object lock = new Object();
    private Phase phase = Phase.NEW;
    /** Null before the start, and for ever when the server was closed before it. */
    private @Nullable ServerLife life;

    private EmbeddedServer(EmbeddedServerConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** A server in memory, for clients of this process only, unless it is told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /** A server with settings that are there already; it has yet to be started. */
    public static EmbeddedServer of(EmbeddedServerConfig config) {
        return new EmbeddedServer(config, Clock.SYSTEM);
    }

    /**
     * Starts the server and returns when clients can use it: when what the data directory holds is there again, and the port
     * is open. Once only.
     *
     * @return this server
     * @throws EmbeddedServerException when a port is taken, the data directory cannot be used or its content is damaged, keys
     *     or certificates cannot be used, or the server was closed meanwhile; the server is closed then
     * @throws IllegalStateException when it was started or closed before
     */
    public EmbeddedServer start() {
        ServerLife starting;
        synchronized (lock) {
            if (phase != Phase.NEW) {
                throw new IllegalStateException(
                        "The server was " + (phase == Phase.CLOSED ? "closed" : "started") + " before");
            }
            phase = Phase.STARTED;
            starting = new ServerLife(config, clock);
            life = starting;
        }
        starting.start();
        Throwable failure = await(starting.started);
        if (failure != null) {
            close();
            throw failure instanceof EmbeddedServerException known
                    ? known
                    : new EmbeddedServerException("The server did not start: " + reason(failure), failure);
        }
        return this;
    }

    /**
     * The port that is open.
     *
     * @throws IllegalStateException when the server has no such port, or has not started
     */
    public int port() {
        int port = requireLife().ports().plainPort();
        if (port < 0) {
            throw new IllegalStateException("The server has no port: it was built without one, or has not started");
        }
        return port;
    }

    /** The port of the admin server; empty when there is none, because none was asked for or it could not be opened. */
    public OptionalInt adminPort() {
        return optional(requireLife().adminPort());
    }

    /** The port of the metrics; empty as {@link #adminPort}. */
    public OptionalInt metricsPort() {
        return optional(requireLife().metricsPort());
    }

    private static OptionalInt optional(int port) {
        return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /**
     * The port that is open for TLS alone.
     *
     * @throws IllegalStateException when there is none, or the server has not started
     */
    public int securePort() {
        int port = requireLife().ports().securePort();
        if (port < 0) {
            throw new IllegalStateException(
                    "The server has no port for TLS alone: it was built without one, or has not started");
        }
        return port;
    }

    /**
     * Where clients of this process connect to without a socket; also when there is a port.
     *
     * @throws IllegalStateException when the server has not started
     */
    public LocalAddress localAddress() {
        return requireLife().ports().localAddress;
    }

    /**
     * {@code host:port}, for any client of ZooKeeper.
     *
     * @throws IllegalStateException as {@link #port}
     */
    public String connectString() {
        return address(config.host(), port());
    }

    /**
     * {@code host:port} of the port for TLS alone.
     *
     * @throws IllegalStateException as {@link #securePort}
     */
    public String secureConnectString() {
        ServerTls tls = config.tls();
        String own = tls == null ? null : tls.host();
        return address(own == null ? config.host() : own, securePort());
    }

    private static String address(String host, int port) {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }

    public EmbeddedServerConfig config() {
        return config;
    }

    /**
     * The server's numbers as of now, or as of its end. Waits for the server's thread, a millisecond or so.
     *
     * @throws IllegalStateException when the server has not started
     */
    public ServerStatus status() {
        ServerLife current = requireLife();
        CompletableFuture<ServerStatus> status = current.status();
        if (current.isOwnThread()) {
            throw new IllegalStateException("The server's own thread cannot wait for itself");
        }
        await(status);
        return status.join();
    }

    /**
     * Ends a session as if its client had been silent for too long: its ephemerals go, its connection is closed, and the
     * client is told when it comes back. Goes through the log like any other end of a session.
     *
     * @return done when it has taken effect; false when there is no such session, when its client has come back through a new
     *     connection at that very moment, or the server was closed first
     * @throws IllegalStateException when the server has not started
     */
    public CompletableFuture<Boolean> expireSession(long sessionId) {
        return requireLife().expireSession(sessionId);
    }

    /**
     * Saves what the server holds at this moment, all that was acknowledged before the call, while it goes on. The files are
     * read, not the state: it costs reading and writing once what is in the data directory behind the last snapshot, and that
     * snapshot, in a thread of its own. Restored by the command {@code restore}; a directory may be started on as it is.
     *
     * @param target a directory, or a file whose name ends in {@code .tar.gz}; must not exist, or be an empty directory. It
     *     appears there when it was read back whole
     * @return done then; with an {@link EmbeddedServerException} when it cannot be made, the server is closed first, or the log
     *     is damaged, and nothing is in the target's place
     * @throws IllegalStateException when the server has not started, or has no data directory
     */
    public CompletableFuture<ServerBackup> backup(Path target) {
        if (config.dataDir() == null) {
            throw new IllegalStateException("The server lives in memory: there are no files to save");
        }
        return requireLife().backup(target);
    }

    /**
     * Closes all connections, then the files, and waits for both; on the server's own thread it does not wait. Clients see
     * the connection break: of a request that was under way nobody can say whether it has taken effect, but one that was
     * answered has. In any state, as often as one likes; the first call before the start prevents it.
     *
     * @throws EmbeddedServerException when a file could not be closed as it should; all else is closed
     */
    @Override
    public void close() {
        ServerLife closing;
        synchronized (lock) {
            phase = Phase.CLOSED;
            closing = life;
        }
        if (closing == null) {
            return;
        }
        closing.stop();
        if (closing.isOwnThread()) {
            return;
        }
        boolean startFailed = closing.started.isCompletedExceptionally();
        Throwable failure = await(closing.stopped);
        if (failure != null && !startFailed) {
            throw new EmbeddedServerException("The server did not close cleanly: " + failure.getMessage(), failure);
        }
    }

    /**
     * Waits until the server has ended, closed by somebody or because it could not go on; the log has the reason for that. At
     * once when it has ended already.
     *
     * @throws InterruptedException when this thread is interrupted; the server is none the wiser
     * @throws IllegalStateException when the server has not started
     */
    public void awaitEnd() throws InterruptedException {
        ServerLife current = requireLife();
        if (current.isOwnThread()) {
            throw new IllegalStateException("The server's own thread cannot wait for its end");
        }
        try {
            current.stopped.get();
        } catch (ExecutionException failed) {
            // It has ended all the same; what went wrong is told to whoever closes it.
        }
    }

    private ServerLife requireLife() {
        synchronized (lock) {
            if (life == null) {
                throw new IllegalStateException("The server has not started");
            }
            return life;
        }
    }

    /** The system's reason is missing where the type of the exception says it: its message has the file only. */
    private static @Nullable String reason(Throwable failure) {
        return failure instanceof AccessDeniedException denied && denied.getReason() == null
                ? denied.getMessage() + ": access denied"
                : failure.getMessage();
    }

    /** Waits to the end, interrupted or not: a server half closed helps nobody. */
    private static @Nullable Throwable await(Future<?> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return null;
                } catch (ExecutionException e) {
                    return e.getCause();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Collects the settings; see {@link EmbeddedServerConfig}. Not thread-safe. */
    public static final class Builder extends ServerSettings<Builder> {
        private Clock clock = Clock.SYSTEM;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Where the server takes its time from, instead of from this machine: for tests of what takes long. Thread-safe sources.
         *
         * @param wall for the stats of znodes and what depends on these; may jump
         * @param monotonicMs for everything that waits; never goes back
         */
        public Builder clock(InstantSource wall, LongSupplier monotonicMs) {
            this.clock = new Clock() {
                @Override
                public long wallMs() {
                    return wall.millis();
                }

                @Override
                public long monotonicMs() {
                    return monotonicMs.getAsLong();
                }
            };
            return this;
        }

        /**
         * A server that has yet to be started.
         *
         * @throws IllegalArgumentException naming the setting that is wrong, and its value
         */
        public EmbeddedServer build() {
            return new EmbeddedServer(config(), clock);
        }

        /**
         * Builds a server and starts it.
         *
         * @throws IllegalArgumentException as {@link #build}
         * @throws EmbeddedServerException as {@link EmbeddedServer#start}
         */
        public EmbeddedServer start() {
            return build().start();
        }
    }
}
