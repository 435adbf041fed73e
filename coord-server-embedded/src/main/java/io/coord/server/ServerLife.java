package io.coord.server;

import io.coord.server.internal.admin.AdminDesk;
import io.coord.server.internal.admin.HttpSettings;
import io.coord.server.internal.admin.ServerFacts;
import io.coord.server.internal.admin.ServerInspection;
import io.coord.server.internal.auth.Authentication;
import io.coord.server.internal.backup.Backup;
import io.coord.server.internal.backup.BackupReport;
import io.coord.server.internal.log.DataDirectories;
import io.coord.server.internal.log.Durability;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.metrics.LogMetrics;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.pipeline.RequestRules;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.pipeline.SessionRules;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.InMemoryReplicator;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.SingleNodeReplicator;
import io.coord.server.internal.replication.Standing;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.OwnerQuestions;
import io.coord.server.internal.runtime.StateThread;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.tls.TlsGate;
import io.coord.server.internal.tls.TlsRules;
import io.coord.server.internal.transport.ServerTransport;
import io.coord.server.internal.transport.TransportLimits;
import io.netty.channel.ChannelFuture;
import io.netty.channel.local.LocalAddress;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a server, from the first to the last message on its thread. It makes the parts, tells them of time, and takes
 * them down. What is not final belongs to that thread; the futures and {@link #boundPort} may be read by anyone.
 */
final class ServerLife {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLife.class);

    final LocalAddress localAddress =
            new LocalAddress("coord-" + Long.toUnsignedString(System.identityHashCode(this)) + '-' + System.nanoTime());
    /** Done when clients are let in, or when that came to nothing. */
    final CompletableFuture<Void> started = new CompletableFuture<>();
    /** Done when all is closed; with the failure of closing, if there was one. */
    final CompletableFuture<Void> stopped = new CompletableFuture<>();

    volatile int boundPort = -1;
    volatile int boundSecurePort = -1;

    private final EmbeddedServerConfig config;
    private final Clock clock;
    private final StateThread thread = new StateThread(this::onDefect);
    private final CoordStateMachine state;
    private final Replicator replicator;
    private final RequestSequencer sequencer;
    private final ServerTransport transport;
    private final @Nullable TlsGate tls;
    private final OwnerQuestions questions = new OwnerQuestions(thread);
    private final AdminDesk admin;
    private final ServerInspection inspection;
    private final long containerCheckMs;
    private boolean stopping;
    private boolean acceptsWrites = true;
    private volatile ServerStatus lastStatus = new ServerStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false);

    ServerLife(EmbeddedServerConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        SecureRandom random = new SecureRandom();
        this.state = new CoordStateMachine(random.nextLong());
        ServerMetrics metrics = new ServerMetrics();
        this.replicator = newReplicator(config, thread, metrics.log);
        this.sequencer = new RequestSequencer(
                clock,
                new SessionRules(
                        millis(config.tickTime()),
                        millis(config.minSessionTimeout()),
                        millis(config.maxSessionTimeout())),
                new RequestRules(
                        new Authentication(config.authentication().rules()),
                        config.enforceQuota() ? Command.Rules.QUOTAS_ENFORCED : Command.Rules.QUOTAS_TOLD,
                        config.reconfigEnabled()),
                Limits.ofHeap(Runtime.getRuntime().maxMemory()),
                state,
                replicator,
                () -> {
                    byte[] password = new byte[Session.PASSWORD_BYTES];
                    random.nextBytes(password);
                    return password;
                },
                new RequestSequencer.Listener() {
                    @Override
                    public void onReady() {
                        letClientsIn();
                    }

                    @Override
                    public void onLogFailed(Throwable cause) {
                        refuseWrites(cause);
                    }

                    @Override
                    public void onFailed(Throwable cause) {
                        fail(cause);
                    }
                },
                metrics);
        this.admin = new AdminDesk(config.admin().fourLetterWords(), httpSettings(config.admin()), questions, facts());
        this.transport = new ServerTransport(
                thread.group(),
                sequencer,
                clock,
                TransportLimits.of(
                        config.maxFrameBytes(),
                        config.maxResponseBytes(),
                        config.maxClientConnections(),
                        config.maxConnections()),
                metrics,
                admin.words());
        this.inspection = new ServerInspection(
                state,
                sequencer,
                transport,
                metrics,
                clock,
                this::isServing,
                () -> acceptsWrites,
                () -> replicator.standing().word());
        this.tls = config.tls() == null ? null : new TlsGate(rules(config.tls()), thread, clock);
        this.containerCheckMs = config.containerCheckInterval().toMillis();
    }

    /** Reads certificates on the caller's thread, the rest is done on the server's. */
    void start() {
        if (tls != null) {
            try {
                tls.load();
            } catch (RuntimeException e) {
                // Keys may come from an application's own code.
                EmbeddedServerException failure = new EmbeddedServerException("TLS: " + e.getMessage(), e);
                thread.offer(() -> fail(failure));
                return;
            }
        }
        admin.open(inspection);
        thread.offer(() -> {
            if (!stopping) {
                replicator.start(sequencer.replicatedState());
            }
        });
    }

    /** Stops in good order, from any thread, as often as one likes. */
    void stop() {
        thread.offer(this::stopNow);
    }

    /** -1 without one. */
    int adminPort() {
        return admin.adminPort();
    }

    /** -1 without one. */
    int metricsPort() {
        return admin.metricsPort();
    }

    boolean isOwnThread() {
        return thread.isCurrent();
    }

    /** Numbers as of now; of the end when the server has stopped. */
    CompletableFuture<ServerStatus> status() {
        CompletableFuture<ServerStatus> answer = new CompletableFuture<>();
        thread.offer(() -> answer.complete(measure()));
        stopped.whenComplete((nothing, failure) -> answer.complete(lastStatus));
        return answer;
    }

    CompletableFuture<Boolean> expireSession(long sessionId) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        thread.offer(() -> {
            if (started.isDone() && !stopping) {
                // Whoever waits must not go on waiting, or worse, on this thread.
                sequencer.expireSession(sessionId, ended -> answer.completeAsync(() -> ended));
            } else {
                answer.complete(false);
            }
        });
        stopped.whenComplete((nothing, failure) -> answer.complete(false));
        return answer;
    }

    CompletableFuture<ServerBackup> backup(Path target) {
        CompletableFuture<ServerBackup> answer = new CompletableFuture<>();
        AtomicBoolean begun = new AtomicBoolean();
        thread.offer(() -> {
            begun.set(true);
            if (started.isDone() && !stopping && replicator instanceof SingleNodeReplicator logged) {
                Backup.Moment moment = new Backup.Moment(logged.appliedIndex(), state.lastZxid(), state.lastTimeMs());
                Thread saving = new Thread(() -> save(moment, target, answer), "coord-backup");
                saving.setDaemon(true);
                saving.start();
            } else {
                String reason = replicator.isShared()
                        ? "A backup of a member of an ensemble is not there yet"
                        : "The server does not run";
                CompletableFuture.runAsync(
                        () -> answer.completeExceptionally(new EmbeddedServerException(reason, null)));
            }
        });
        stopped.whenComplete((nothing, failure) -> {
            // A copy that has begun goes on without the server.
            if (!begun.get()) {
                answer.completeExceptionally(new EmbeddedServerException("The server was closed first", failure));
            }
        });
        return answer;
    }

    /** A thread of its own. */
    private void save(Backup.Moment moment, Path target, CompletableFuture<ServerBackup> answer) {
        try {
            DataDirectories directories =
                    DataDirectories.of(Objects.requireNonNull(config.dataDir()), config.dataLogDir());
            BackupReport report = Backup.at(moment, directories.openToRead(), target, false);
            answer.complete(new ServerBackup(
                    report.target(), report.zxid(), Instant.ofEpochMilli(report.timeMs()), report.bytes()));
        } catch (IOException | RuntimeException | Error e) {
            answer.completeExceptionally(
                    new EmbeddedServerException("No backup was made in " + target + ": " + e.getMessage(), e));
        }
    }

    private boolean isServing() {
        return started.isDone() && !stopping && replicator.standing() != Standing.LOOKING;
    }

    private static HttpSettings httpSettings(AdminConfig config) {
        Integer port = config.port();
        Integer metricsPort = config.metricsPort();
        return new HttpSettings(
                port == null ? null : new InetSocketAddress(config.host(), port),
                config.commandPath(),
                config.idleTimeout().toMillis(),
                metricsPort == null ? null : new InetSocketAddress(config.metricsHost(), metricsPort),
                config.exportJvmInfo());
    }

    private ServerFacts facts() {
        return new ServerFacts(
                () -> boundPort,
                () -> boundSecurePort,
                config.dataDir(),
                config.dataLogDir() == null ? config.dataDir() : config.dataLogDir(),
                millis(config.tickTime()),
                config.maxClientConnections(),
                millis(config.minSessionTimeout()),
                millis(config.maxSessionTimeout()),
                ServerTransport.BACKLOG);
    }

    private static Replicator newReplicator(EmbeddedServerConfig config, StateThread thread, LogMetrics metrics) {
        @Nullable Path dataDir = config.dataDir();
        if (dataDir == null) {
            return new InMemoryReplicator(thread);
        }
        if (config.ensemble() != null) {
            return EnsembleMembership.replicator(config, config.ensemble(), dataDir, thread);
        }
        LogConfig log = LogConfig.DEFAULT
                .withDurability(config.fsync() ? Durability.FSYNC : Durability.NO_FSYNC)
                .withSegmentBytes(
                        Math.min(LogConfig.DEFAULT.firstSegmentBytes(), config.logSegmentBytes()),
                        config.logSegmentBytes())
                .withSnapshotEvery(config.snapshotAfterWrites(), LogConfig.DEFAULT.snapshotBytes())
                .withRetainedSnapshots(config.retainedSnapshots())
                .withQuietSnapshots(millis(config.snapshotAfterQuiet()), LogConfig.DEFAULT.closingSnapshotBytes());
        DataDirectories directories = DataDirectories.of(dataDir, config.dataLogDir());
        return new SingleNodeReplicator(thread, directories::open, log, metrics);
    }

    private static int millis(Duration duration) {
        return (int) duration.toMillis();
    }

    private void letClientsIn() {
        if (stopping) {
            return;
        }
        onBound(transport.bind(localAddress), bound -> {
            if (!bound.isSuccess()) {
                fail(new EmbeddedServerException("In-process address " + localAddress + " is taken", bound.cause()));
            } else {
                bindPort();
            }
        });
    }

    private void bindPort() {
        Integer port = config.port();
        if (port == null) {
            bindSecurePort();
            return;
        }
        bind(
                config.host(),
                port,
                address -> tls != null && isUnified() ? transport.bind(address, tls, true) : transport.bind(address),
                bound -> {
                    boundPort = bound;
                    bindSecurePort();
                });
    }

    private void bindSecurePort() {
        if (tls == null || requireTls().port() == null) {
            onOpen();
            return;
        }
        String own = requireTls().host();
        bind(
                own == null ? config.host() : own,
                requireTls().port(),
                address -> transport.bind(address, tls, false),
                bound -> {
                    boundSecurePort = bound;
                    onOpen();
                });
    }

    private ServerTls requireTls() {
        return Objects.requireNonNull(config.tls(), "tls");
    }

    private void bind(
            String host, int port, Function<InetSocketAddress, ChannelFuture> listen, IntConsumer onListening) {
        if (stopping) {
            return;
        }
        ChannelFuture binding = listen.apply(new InetSocketAddress(host, port));
        onBound(binding, bound -> {
            if (bound.isSuccess()) {
                onListening.accept(((InetSocketAddress) binding.channel().localAddress()).getPort());
            } else {
                fail(new EmbeddedServerException(
                        "Cannot listen on " + host + ':' + port + ": " + reason(bound.cause()), bound.cause()));
            }
        });
    }

    private static TlsRules rules(ServerTls settings) {
        return new TlsRules(
                settings.config(),
                settings.clientAuth() != ClientAuth.NONE,
                settings.clientAuth() == ClientAuth.NEED,
                settings.clientHostnameVerification(),
                settings.reloadInterval().toMillis(),
                settings.handshakeTimeout().toMillis(),
                settings.maxHandshakes());
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** A listener's failure would only be logged, and whoever waits for the start would wait for ever. */
    private void onBound(ChannelFuture binding, Consumer<Future<?>> listener) {
        binding.addListener(bound -> thread.offer(() -> listener.accept(bound)));
    }

    private void onOpen() {
        if (stopping) {
            return;
        }
        if (config.dataDir() == null) {
            LOG.info("Coord has no data directory: all it holds lives in memory and is gone with the process");
        }
        LOG.info("Coord serves {} at zxid 0x{}", where(), Long.toHexString(state.lastZxid()));
        scheduleTick();
        scheduleContainerCheck();
        started.complete(null);
    }

    private String where() {
        List<String> places = new ArrayList<>();
        if (boundPort >= 0) {
            places.add(config.host() + ':' + boundPort + (isUnified() ? ", also with TLS" : ""));
        }
        if (boundSecurePort >= 0) {
            String own = requireTls().host();
            places.add((own == null ? config.host() : own) + ':' + boundSecurePort + " with TLS");
        }
        return places.isEmpty() ? "clients of this process" : String.join(" and ", places);
    }

    private boolean isUnified() {
        ServerTls settings = config.tls();
        return settings != null && settings.portUnification();
    }

    private void scheduleTick() {
        thread.schedule(
                () -> {
                    if (!stopping) {
                        if (tls != null) {
                            tls.onTick();
                        }
                        transport.onTick();
                        sequencer.onTick();
                        replicator.onTick(clock.monotonicMs());
                        scheduleTick();
                    }
                },
                sequencer.untilNextTickMs());
    }

    private void scheduleContainerCheck() {
        thread.schedule(
                () -> {
                    if (!stopping) {
                        sequencer.onContainerCheck(
                                config.containerMaxNeverUsed().toMillis());
                        scheduleContainerCheck();
                    }
                },
                containerCheckMs);
    }

    private void refuseWrites(Throwable cause) {
        acceptsWrites = false;
        LOG.error(
                "The log in {} cannot be written. From now on writes are refused with an error, and new sessions too; "
                        + "reads go on for sessions that there are. Nothing acknowledged is lost. See to the disk, then "
                        + "start the server again: only then is the log read back and written anew.",
                config.dataDir(),
                cause);
    }

    private void onDefect(Throwable cause) {
        if (stopping) {
            LOG.error("The server is closing, and a step of that failed", cause);
        } else {
            fail(cause);
        }
    }

    private void fail(Throwable cause) {
        if (!started.completeExceptionally(cause) && !stopping) {
            LOG.error("The server cannot go on and closes all connections", cause);
        }
        stopNow();
    }

    private void stopNow() {
        if (stopping) {
            return;
        }
        stopping = true;
        started.completeExceptionally(new EmbeddedServerException("The server was closed while it started", null));
        try {
            transport.close();
            if (tls != null) {
                tls.close();
            }
        } finally {
            replicator.close(this::onReplicatorClosed);
        }
    }

    private void onReplicatorClosed(@Nullable Throwable failure) {
        try {
            lastStatus = measure();
        } finally {
            questions.end();
            admin.close();
            thread.stop().addListener(terminated -> {
                if (failure == null) {
                    stopped.complete(null);
                } else {
                    stopped.completeExceptionally(failure);
                }
            });
        }
    }

    private ServerStatus measure() {
        RequestSequencer.Load load = sequencer.load();
        return new ServerStatus(
                state.lastZxid(),
                load.connections(),
                state.sessions().size(),
                state.tree().size(),
                state.tree().ephemeralCount(),
                load.watches(),
                load.outstanding(),
                sequencer.refusedResponses(),
                load.heldBytes(),
                transport.bufferedBytes(),
                transport.cutOffConnections(),
                replicator instanceof SingleNodeReplicator logged ? logged.purgedFiles() : 0,
                acceptsWrites && isServing());
    }
}
