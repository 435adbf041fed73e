package io.coord.server;

import io.coord.server.internal.admin.AdminDesk;
import io.coord.server.internal.admin.ServerFacts;
import io.coord.server.internal.admin.ServerInspection;
import io.coord.server.internal.admin.SnapshotSource;
import io.coord.server.internal.audit.AuditLog;
import io.coord.server.internal.audit.AuditWriter;
import io.coord.server.internal.auth.Authentication;
import io.coord.server.internal.backup.Backup;
import io.coord.server.internal.backup.BackupReport;
import io.coord.server.internal.log.DataDirectories;
import io.coord.server.internal.metrics.LogMetrics;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.AuditTrail;
import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.pipeline.RequestRules;
import io.coord.server.internal.pipeline.RequestSequencer;
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
import io.coord.server.internal.transport.ServerTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a server, from the first to the last message on its thread. It makes the parts, tells them of time, and takes
 * them down. What is not final belongs to that thread; the futures and {@link #ports} may be used by anyone.
 */
final class ServerLife {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLife.class);

    private static final int LAST_LINES_SECONDS = 2;

    /** Done when clients are let in, or when that came to nothing. */
    final CompletableFuture<Void> started = new CompletableFuture<>();
    /** Done when all is closed; with the failure of closing, if there was one. */
    final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private final EmbeddedServerConfig config;
    private final Clock clock;
    private final StateThread thread = new StateThread(this::onDefect);
    private final CoordStateMachine state;
    private final Replicator replicator;
    private final RequestSequencer sequencer;
    private final ServerTransport transport;
    private final @Nullable TlsGate tls;
    private final ServerPorts ports;
    private final PendingAnswers answers = new PendingAnswers();
    private final OwnerQuestions questions = new OwnerQuestions(thread);
    private final AdminDesk admin;
    private final AuditWriter auditWriter;
    private final @Nullable AuditLog audit;
    private final ServerInspection inspection;
    private final long containerCheckMs;
    private boolean isOpen;
    private boolean stopping;
    private boolean acceptsWrites = true;
    private volatile ServerStatus lastStatus = new ServerStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false);

    ServerLife(EmbeddedServerConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        SecureRandom random = new SecureRandom();
        this.state = new CoordStateMachine(random.nextLong());
        ServerMetrics metrics = new ServerMetrics();
        Authentication authentication =
                new Authentication(config.authentication().rules());
        this.auditWriter = new AuditWriter(metrics.auditLinesLost);
        this.audit = config.admin().audit() ? new AuditLog(auditWriter, AdminDesk.userOfProcess()) : null;
        this.replicator = newReplicator(config, thread, metrics.log);
        this.sequencer = new RequestSequencer(
                clock,
                PartSettings.sessions(config),
                new RequestRules(
                        authentication,
                        config.enforceQuota() ? Command.Rules.QUOTAS_ENFORCED : Command.Rules.QUOTAS_TOLD,
                        config.reconfigEnabled(),
                        config.ensemble() == null || config.ensemble().standaloneEnabled() ? 2 : 1),
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
                        ports().open();
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
                metrics,
                audit == null ? AuditTrail.NONE : audit);
        this.admin = new AdminDesk(
                config.admin().fourLetterWords(),
                PartSettings.http(config.admin()),
                questions,
                facts(),
                snapshots(authentication));
        this.transport = new ServerTransport(
                thread.group(), sequencer, clock, PartSettings.transport(config), metrics, admin.words());
        this.tls = config.tls() == null ? null : new TlsGate(PartSettings.tls(config.tls()), thread, clock, metrics);
        this.ports = new ServerPorts(config, thread, transport, tls, new ServerPorts.Listener() {
            @Override
            public void onOpen() {
                letClientsIn();
            }

            @Override
            public void onFailed(EmbeddedServerException failure) {
                fail(failure);
            }
        });
        this.inspection = new ServerInspection(
                state,
                sequencer,
                transport,
                metrics,
                clock,
                this::isServing,
                () -> acceptsWrites,
                replicator,
                () -> tls == null ? 0 : tls.handshakes());
        this.containerCheckMs = config.containerCheckInterval().toMillis();
    }

    /** How many callers wait for an answer. */
    int unanswered() {
        return answers.size();
    }

    ServerPorts ports() {
        return ports;
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
        CompletableFuture<ServerStatus> answer = answers.begin(late -> late.complete(lastStatus));
        thread.offer(() -> answer.complete(measure()));
        return answer;
    }

    CompletableFuture<Boolean> expireSession(long sessionId) {
        CompletableFuture<Boolean> answer = answers.begin(late -> late.complete(false));
        thread.offer(() -> {
            if (started.isDone() && !stopping) {
                // Whoever waits must not go on waiting, or worse, on this thread.
                sequencer.expireSession(sessionId, ended -> answer.completeAsync(() -> ended));
            } else {
                answer.complete(false);
            }
        });
        return answer;
    }

    CompletableFuture<ServerBackup> backup(Path target) {
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<ServerBackup> answer = answers.begin(late -> {
            // A copy that has begun goes on without the server.
            if (!begun.get()) {
                late.completeExceptionally(new EmbeddedServerException("The server was closed first", null));
            }
        });
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

    private SnapshotSource snapshots(Authentication authentication) {
        return new SnapshotSource() {
            @Override
            public boolean isSuper(String scheme, byte[] proof) {
                return authentication.isSuper(scheme, proof);
            }

            @Override
            public boolean isThere() {
                return config.dataDir() != null;
            }

            @Override
            public CompletableFuture<Long> save(Path target) {
                return backup(target).thenApply(ServerBackup::zxid);
            }
        };
    }

    private boolean isServing() {
        return started.isDone() && !stopping && replicator.standing() != Standing.LOOKING;
    }

    private ServerFacts facts() {
        return new ServerFacts(
                () -> ports().plainPort(),
                () -> ports().securePort(),
                config.dataDir(),
                config.dataLogDir() == null ? config.dataDir() : config.dataLogDir(),
                PartSettings.millis(config.tickTime()),
                config.maxClientConnections(),
                PartSettings.millis(config.minSessionTimeout()),
                PartSettings.millis(config.maxSessionTimeout()),
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
        DataDirectories directories = DataDirectories.of(dataDir, config.dataLogDir());
        SingleNodeReplicator.DirectorySource source = () -> {
            EnsembleMembership.requireNone(directories.log());
            return directories.open();
        };
        return new SingleNodeReplicator(thread, source, PartSettings.log(config), metrics);
    }

    private void letClientsIn() {
        if (stopping) {
            return;
        }
        if (config.dataDir() == null) {
            LOG.info("Coord has no data directory: all it holds lives in memory and is gone with the process");
        }
        LOG.info("Coord serves {} at zxid 0x{}", ports, Long.toHexString(state.lastZxid()));
        isOpen = true;
        if (audit != null) {
            audit.onServerStarted();
        }
        scheduleTick();
        scheduleContainerCheck();
        started.complete(null);
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
        if (audit != null) {
            audit.onServerStopping(isOpen);
        }
        started.completeExceptionally(new EmbeddedServerException("The server was closed while it started", null));
        ports.close();
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
            // Not for ever: somebody's log may hang, and whoever closes the server waits for this.
            auditWriter
                    .close()
                    .orTimeout(LAST_LINES_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((nothing, late) -> endThread(failure));
        }
    }

    private void endThread(@Nullable Throwable failure) {
        thread.stop().addListener(terminated -> {
            answers.end();
            if (failure == null) {
                stopped.complete(null);
            } else {
                stopped.completeExceptionally(failure);
            }
        });
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
