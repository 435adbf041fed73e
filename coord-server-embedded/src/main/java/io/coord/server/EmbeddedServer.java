package io.coord.server;

import io.coord.server.internal.runtime.Clock;
import io.netty.channel.local.LocalAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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
    private final Object lock = new Object();
    private Phase phase = Phase.NEW;
    /** Null before the start, and for ever when the server was closed before it. */
    private @Nullable ServerLife life;

    private EmbeddedServer(EmbeddedServerConfig config) {
        this.config = config;
    }

    /** A server in memory, for clients of this process only, unless it is told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /** A server with settings that are there already; it has yet to be started. */
    public static EmbeddedServer of(EmbeddedServerConfig config) {
        return new EmbeddedServer(config);
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
            starting = new ServerLife(config, Clock.SYSTEM);
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
        int port = requireLife().boundPort;
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
        int port = requireLife().boundSecurePort;
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
        return requireLife().localAddress;
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
        CountDownLatch ended = new CountDownLatch(1);
        current.stopped.whenComplete((nothing, failure) -> ended.countDown());
        ended.await();
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
    public static final class Builder {
        private String host = "127.0.0.1";
        private @Nullable Integer port;
        private @Nullable Path dataDir;
        private @Nullable Path dataLogDir;
        private boolean fsync = true;
        private int snapshotAfterWrites = 400_000;
        private Duration snapshotAfterQuiet = Duration.ofSeconds(30);
        private int logSegmentBytes = 64 << 20;
        private int retainedSnapshots = 3;
        private Duration tickTime = Duration.ofSeconds(2);
        private @Nullable Duration minSessionTimeout;
        private @Nullable Duration maxSessionTimeout;
        private Duration containerCheckInterval = Duration.ofMinutes(1);
        private Duration containerMaxNeverUsed = Duration.ZERO;
        private int maxFrameBytes = 0xfffff;
        private int maxResponseBytes = 0xfffff;
        private int maxClientConnections = 60;
        private int maxConnections;
        private boolean enforceQuota;
        private boolean reconfigEnabled;
        private boolean digestEnabled = true;
        private String digestAlgorithm = "SHA1";
        private @Nullable String superDigest;
        private @Nullable String x509SuperUser;
        private final Map<String, String> saslUsers = new HashMap<>();
        private final Set<String> saslSuperUsers = new HashSet<>();
        private Set<String> requiredAuthSchemes = Set.of();
        private boolean skipAcl;
        private @Nullable ServerTls tls;
        private Set<String> fourLetterWords = Set.of("srvr");
        private String adminHost = "127.0.0.1";
        private @Nullable Integer adminPort;
        private String adminCommandPath = "/commands";
        private Duration adminIdleTimeout = Duration.ofSeconds(30);
        private String metricsHost = "127.0.0.1";
        private @Nullable Integer metricsPort;
        private boolean exportJvmInfo = true;
        private @Nullable EnsembleSettings ensemble;

        private Builder() {}

        /** The address to listen on; this machine's own, {@code 127.0.0.1}, unless told otherwise. */
        public Builder host(String value) {
            this.host = value;
            return this;
        }

        /** 0 for a free port. Without a port only clients of this process can connect. */
        public Builder port(int value) {
            this.port = value;
            return this;
        }

        /** Where log and snapshots are kept. Without it the server lives in memory. */
        public Builder dataDir(Path value) {
            this.dataDir = value;
            return this;
        }

        /**
         * Where the log is kept when not beside the snapshots. The data directory notes it; a start that would forget a log
         * fails.
         */
        public Builder dataLogDir(Path value) {
            this.dataLogDir = value;
            return this;
        }

        /**
         * Whether a write is acknowledged only once the disk has it; so unless told otherwise. Without it a loss of power may
         * take acknowledged writes, the end of the process does not.
         */
        public Builder fsync(boolean value) {
            this.fsync = value;
            return this;
        }

        /** 400,000 unless told otherwise; less makes the next start quicker and costs the disk more now. */
        public Builder snapshotAfterWrites(int value) {
            this.snapshotAfterWrites = value;
            return this;
        }

        /**
         * 30 seconds unless told otherwise; zero for never. When hardly anything is written for so long, a snapshot is saved if
         * there is enough to be worth it: then the next start has no log to replay.
         */
        public Builder snapshotAfterQuiet(Duration value) {
            this.snapshotAfterQuiet = value;
            return this;
        }

        /** 64 MB unless told otherwise, as in ZooKeeper; 4 KB at least, 1 GB at most. */
        public Builder logSegmentBytes(int value) {
            this.logSegmentBytes = value;
            return this;
        }

        /**
         * 3 unless told otherwise, as in ZooKeeper; 2 at least, or 0 to keep everything. Older snapshots, and the log before the
         * oldest that is kept, are removed as soon as a newer one is saved.
         */
        public Builder retainedSnapshots(int value) {
            this.retainedSnapshots = value;
            return this;
        }

        /** Two seconds unless told otherwise. */
        public Builder tickTime(Duration value) {
            this.tickTime = value;
            return this;
        }

        /** Two ticks unless told otherwise. */
        public Builder minSessionTimeout(Duration value) {
            this.minSessionTimeout = value;
            return this;
        }

        /** Twenty ticks unless told otherwise. */
        public Builder maxSessionTimeout(Duration value) {
            this.maxSessionTimeout = value;
            return this;
        }

        /** One minute unless told otherwise. */
        public Builder containerCheckInterval(Duration value) {
            this.containerCheckInterval = value;
            return this;
        }

        /** For how long a container may wait for its first child; zero, for ever, unless told otherwise. */
        public Builder containerMaxNeverUsed(Duration value) {
            this.containerMaxNeverUsed = value;
            return this;
        }

        /** 1,048,575 bytes unless told otherwise, as in ZooKeeper; 10 MB at most, so that the log can take each request. */
        public Builder maxFrameBytes(int value) {
            this.maxFrameBytes = value;
            return this;
        }

        /**
         * 1,048,575 bytes unless told otherwise, which is what ZooKeeper's clients take; 32 MB at most. A longer response is
         * not sent: the request gets an error.
         */
        public Builder maxResponseBytes(int value) {
            this.maxResponseBytes = value;
            return this;
        }

        /**
         * How many sockets one address may open; 60 unless told otherwise, as in ZooKeeper; 0 for any number. Clients of this
         * process are not counted.
         */
        public Builder maxClientConnections(int value) {
            this.maxClientConnections = value;
            return this;
        }

        /** How many sockets may be open in all; 0, for any number, unless told otherwise. */
        public Builder maxConnections(int value) {
            this.maxConnections = value;
            return this;
        }

        /**
         * Whether a write that would lead beyond a hard quota is refused, with QUOTA_EXCEEDED; not unless told otherwise, as in
         * ZooKeeper. Another setting after a restart holds for what comes then.
         */
        public Builder enforceQuota(boolean value) {
            this.enforceQuota = value;
            return this;
        }

        /** Which error answers reconfig; not enabled unless told otherwise. There is no ensemble to be changed in any case. */
        public Builder reconfigEnabled(boolean value) {
            this.reconfigEnabled = value;
            return this;
        }

        /** Whether clients may authenticate by user and password (addauth, {@code digest}); so unless told otherwise. */
        public Builder digestEnabled(boolean value) {
            this.digestEnabled = value;
            return this;
        }

        /** Of the hash in the ids of scheme {@code digest}; SHA1 unless told otherwise. ACLs made with another one match no more. */
        public Builder digestAlgorithm(String value) {
            this.digestAlgorithm = value;
            return this;
        }

        /** {@code user:hash}, the hash as in an ACL: whoever adds that identity may do everything. Nobody unless told otherwise. */
        public Builder superDigest(String value) {
            this.superDigest = value;
            return this;
        }

        /** The distinguished name, as RFC 2253 writes it, of a client's certificate: its owner may do everything. */
        public Builder x509SuperUser(String value) {
            this.x509SuperUser = value;
            return this;
        }

        /** One who may authenticate by SASL's DIGEST-MD5. Without any SASL is not offered. */
        public Builder saslUser(String name, String password) {
            saslUsers.put(name, password);
            return this;
        }

        /** One of the users of SASL who may do everything. */
        public Builder saslSuperUser(String name) {
            saslSuperUsers.add(name);
            return this;
        }

        /**
         * A connection gets nothing but an error, SESSION_CLOSED_REQUIRES_SASL_AUTH, and its end, unless it has authenticated by
         * one of these schemes: {@code digest}, {@code sasl}, {@code x509}, {@code ip}. None is required unless told otherwise.
         */
        public Builder requiredAuthSchemes(Set<String> schemes) {
            this.requiredAuthSchemes = Set.copyOf(schemes);
            return this;
        }

        /** Whether no ACL is asked; not unless told otherwise. */
        public Builder skipAcl(boolean value) {
            this.skipAcl = value;
            return this;
        }

        /** How clients are served that speak TLS; none are unless told otherwise. */
        public Builder tls(ServerTls value) {
            this.tls = value;
            return this;
        }

        /**
         * Which of ZooKeeper's four-letter words are answered on the port, {@code *} for all; {@code srvr} alone unless told
         * otherwise, as in ZooKeeper. Whoever reaches the port can send them, and {@code wchp} and the like are long.
         */
        public Builder fourLetterWords(String... values) {
            this.fourLetterWords = Set.of(values);
            return this;
        }

        /** The address of the admin server; this machine's own, {@code 127.0.0.1}, unless told otherwise. */
        public Builder adminHost(String value) {
            this.adminHost = value;
            return this;
        }

        /**
         * The port of the admin server: commands, health and metrics over HTTP. 0 for a free port; without one there is no admin
         * server. When the port is taken, or {@code netty-codec-http} is not on the class path, the server starts without, and the log
         * says so.
         */
        public Builder adminPort(int value) {
            this.adminPort = value;
            return this;
        }

        /** The path below which the admin server's commands are; {@code /commands} unless told otherwise. */
        public Builder adminCommandPath(String value) {
            this.adminCommandPath = value;
            return this;
        }

        /** 30 seconds unless told otherwise; an HTTP connection that is silent for so long is closed. */
        public Builder adminIdleTimeout(Duration value) {
            this.adminIdleTimeout = value;
            return this;
        }

        /** The address of {@link #metricsPort}; this machine's own, {@code 127.0.0.1}, unless told otherwise. */
        public Builder metricsHost(String value) {
            this.metricsHost = value;
            return this;
        }

        /**
         * A port for metrics alone, in Prometheus' format under ZooKeeper's names; as {@link #adminPort} in all else. The admin
         * server offers the same.
         */
        public Builder metricsPort(int value) {
            this.metricsPort = value;
            return this;
        }

        /** Whether metrics over HTTP tell of memory, threads and collections of the process, too; so unless told otherwise. */
        public Builder exportJvmInfo(boolean value) {
            this.exportJvmInfo = value;
            return this;
        }

        /**
         * Makes the server a member of an ensemble; it is alone unless told so. Needs {@code coord-server-ensemble} on the class path,
         * and {@link #dataDir}. {@link EmbeddedServer#start} returns when the port is open; clients are served once there is a leader.
         */
        public Builder ensemble(EnsembleSettings value) {
            this.ensemble = value;
            return this;
        }

        /**
         * A server that has yet to be started.
         *
         * @throws IllegalArgumentException naming the setting that is wrong, and its value
         */
        public EmbeddedServer build() {
            return new EmbeddedServer(new EmbeddedServerConfig(
                    host,
                    port,
                    dataDir,
                    dataLogDir,
                    fsync,
                    snapshotAfterWrites,
                    snapshotAfterQuiet,
                    logSegmentBytes,
                    retainedSnapshots,
                    tickTime,
                    minSessionTimeout == null ? tickTime.multipliedBy(2) : minSessionTimeout,
                    maxSessionTimeout == null ? tickTime.multipliedBy(20) : maxSessionTimeout,
                    containerCheckInterval,
                    containerMaxNeverUsed,
                    maxFrameBytes,
                    maxResponseBytes,
                    maxClientConnections,
                    maxConnections,
                    enforceQuota,
                    reconfigEnabled,
                    new AuthenticationConfig(
                            digestEnabled,
                            digestAlgorithm,
                            superDigest,
                            x509SuperUser,
                            saslUsers,
                            saslSuperUsers,
                            requiredAuthSchemes,
                            skipAcl),
                    tls,
                    new AdminConfig(
                            fourLetterWords,
                            adminHost,
                            adminPort,
                            adminCommandPath,
                            adminIdleTimeout,
                            metricsHost,
                            metricsPort,
                            exportJvmInfo),
                    ensemble));
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
