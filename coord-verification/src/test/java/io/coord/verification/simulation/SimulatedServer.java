package io.coord.verification.simulation;

import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.pipeline.RequestRules;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.pipeline.SessionRules;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.verification.simulation.invariant.Invariants;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server's cores in one simulated process, life after life; what {@code ServerLife} does with threads and sockets. */
final class SimulatedServer {
    /** What a server's replicator works on from life to life, and what it means to lose it. */
    interface Storage {
        Replicator newReplicator(SimulatedServer server);

        /** The process has died. */
        void onDeath(boolean powerLost);
    }

    static final int TICK_MS = 200;
    private static final long MS = 1_000_000;
    private static final SessionRules RULES = new SessionRules(TICK_MS, 2 * TICK_MS, 20 * TICK_MS);
    private static final Limits LIMITS = new Limits(64, 64 << 10, 256, 256 << 10);

    private final int id;
    private final SimulatedProcess process;
    private final Random random;
    private final Invariants invariants;
    private final Trace trace;
    private final Statistics stats;
    private final Mutation mutation;
    private final Storage storage;
    private final Set<ServerEnd> due = new LinkedHashSet<>();
    private final List<ServerEnd> ends = new ArrayList<>();

    private @Nullable RequestSequencer sequencer;
    private @Nullable CoordStateMachine state;
    private boolean accepting;
    private long position;
    private boolean unusable;
    private boolean logFailed;
    private boolean inTick;

    SimulatedServer(
            int id,
            SimulatedProcess process,
            Random random,
            Invariants invariants,
            Trace trace,
            Statistics stats,
            Mutation mutation,
            Storage storage) {
        this.id = id;
        this.process = process;
        this.random = random;
        this.invariants = invariants;
        this.trace = trace;
        this.stats = stats;
        this.mutation = mutation;
        this.storage = storage;
    }

    int id() {
        return id;
    }

    SimulatedProcess process() {
        return process;
    }

    Invariants invariants() {
        return invariants;
    }

    Statistics stats() {
        return stats;
    }

    Mutation mutation() {
        return mutation;
    }

    void trace(String what) {
        trace.add(process.name() + ' ' + what);
    }

    /** The data cannot be used: a person has to look. */
    boolean isUnusable() {
        return unusable;
    }

    /** It answers reads, and needs a restart to do more. */
    boolean isLogFailed() {
        return logFailed;
    }

    long position() {
        return position;
    }

    @Nullable
    CoordStateMachine state() {
        return state;
    }

    // ---- Its lives

    void start() {
        trace("starts");
        process.start();
        unusable = false;
        logFailed = false;
        inTick = false;
        accepting = false;
        position = 0;
        due.clear();
        ends.clear();
        CoordStateMachine machine = new CoordStateMachine(random.nextLong());
        state = machine;
        Replicator replicator = observed(mutation.replicator(storage.newReplicator(this), process));
        RequestSequencer created = new RequestSequencer(
                process,
                RULES,
                RequestRules.DEFAULT,
                LIMITS,
                machine,
                replicator,
                this::newPassword,
                new RequestSequencer.Listener() {
                    @Override
                    public void onReady() {
                        accepting = true;
                        scheduleTick(replicator);
                        scheduleContainerCheck();
                    }

                    @Override
                    public void onFailed(Throwable cause) {
                        trace("failed: " + cause.getMessage());
                        process.in(0, () -> die(false));
                    }
                });
        sequencer = created;
        replicator.start(new Observed(mutation.state(created.replicatedState()), machine));
    }

    private byte[] newPassword() {
        byte[] password = new byte[Session.PASSWORD_BYTES];
        random.nextBytes(password);
        return password;
    }

    private RequestSequencer sequencer() {
        RequestSequencer present = sequencer;
        if (present == null) {
            throw new IllegalStateException("not started");
        }
        return present;
    }

    private void scheduleTick(Replicator replicator) {
        process.inOwnTime(sequencer().untilNextTickMs() * MS, () -> {
            sequencer().onTick();
            replicator.onTick(process.monotonicMs());
            endTurn();
            scheduleTick(replicator);
        });
    }

    private void scheduleContainerCheck() {
        process.inOwnTime(3_000 * MS, () -> {
            sequencer().onContainerCheck(0);
            endTurn();
            scheduleContainerCheck();
        });
    }

    /** The process dies, by a fault from outside or because its log has failed. */
    void die(boolean powerLost) {
        if (process.isAlive()) {
            trace(powerLost ? "loses power" : "dies");
            process.crash();
            accepting = false;
            invariants.onDisturbance();
            storage.onDeath(powerLost);
        }
    }

    /** The simulated disk went away in the middle of an operation. */
    void onPowerLost() {
        die(true);
    }

    /** The data directory cannot be opened. */
    void onUnusable(Exception cause) {
        trace("cannot start: " + cause);
        unusable = true;
        die(false);
    }

    void onRestored(long atPosition) {
        position = atPosition;
        if (state != null) {
            invariants.onReplica(id, position, state);
        }
    }

    /** Recovered from its own disk alone, which has to be enough. */
    void onRecovered() {
        trace("recovered position " + position);
        if (state != null) {
            invariants.onRecovered(id, state);
        }
    }

    // ---- Connections

    /** @return the end of a new connection; null when nobody listens */
    @Nullable
    ServerEnd accept(SimulatedConnection connection) {
        if (!accepting) {
            return null;
        }
        ServerEnd end = new ServerEnd(this, sequencer(), connection);
        ends.add(end);
        return end;
    }

    void forget(ServerEnd end) {
        ends.remove(end);
        due.remove(end);
    }

    List<ServerEnd> ends() {
        return List.copyOf(ends);
    }

    void dueThisTurn(ServerEnd end) {
        due.add(end);
    }

    /** What was said in this turn leaves. */
    void endTurn() {
        for (ServerEnd each : List.copyOf(due)) {
            each.flush();
        }
        due.clear();
    }

    private Replicator observed(Replicator real) {
        return new Replicator() {
            @Override
            public void start(ReplicatedState target) {
                real.start(target);
            }

            @Override
            public void submit(Command command, long ticket) {
                if (command instanceof Command.CloseSession close && close.expired()) {
                    invariants.onExpiryProposed(id, close.sessionId());
                }
                real.submit(command, ticket);
            }

            @Override
            public void tellLeader(long[] touchedSessions) {
                real.tellLeader(touchedSessions);
            }

            @Override
            public void onTick(long nowMs) {
                inTick = true;
                real.onTick(nowMs);
                inTick = false;
            }

            @Override
            public void close(CloseCallback done) {
                real.close(done);
            }
        };
    }

    /** Tells the invariants what the replicator delivers, before and after it is applied. */
    private final class Observed implements ReplicatedState {
        private final ReplicatedState real;
        private final CoordStateMachine machine;

        Observed(ReplicatedState real, CoordStateMachine machine) {
            this.real = real;
            this.machine = machine;
        }

        @Override
        public void onCommitted(Command command, long ticket) {
            position++;
            boolean isFirst = position > invariants.history().lastPosition();
            invariants.onCommitted(id, position, command);
            if (isFirst) {
                stats.commits++;
                if (command instanceof Command.CloseSession close && close.expired()) {
                    stats.sessionsExpired++;
                }
            }
            real.onCommitted(command, ticket);
            trace.add(process.name() + " applies " + position + ' '
                    + command.getClass().getSimpleName() + " zxid " + machine.lastZxid());
            invariants.onReplica(id, position, machine);
        }

        @Override
        public void onRestoreStarted() {
            real.onRestoreStarted();
        }

        @Override
        public void onRestoreChunk(ByteBuf chunk) {
            real.onRestoreChunk(chunk);
        }

        @Override
        public void onRestoreFinished() {
            real.onRestoreFinished();
        }

        @Override
        public void onBatchEnd() {
            real.onBatchEnd();
        }

        @Override
        public void onRefused(long ticket, String reason) {
            real.onRefused(ticket, reason);
        }

        @Override
        public void onUnknown(long ticket, String reason) {
            real.onUnknown(ticket, reason);
        }

        @Override
        public void onRoleChanged(io.coord.server.internal.replication.Role role) {
            real.onRoleChanged(role);
        }

        @Override
        public void onTouched(int follower, long[] sessionIds) {
            real.onTouched(follower, sessionIds);
        }

        @Override
        public void onReady() {
            real.onReady();
        }

        @Override
        public void onLogFailed(Throwable cause) {
            logFailed = true;
            trace("cannot write any more: " + cause.getMessage());
            real.onLogFailed(cause);
        }

        @Override
        public void onFailed(Throwable cause) {
            real.onFailed(cause);
        }

        @Override
        public SnapshotCut beginSnapshot() {
            if (inTick) {
                stats.quietSnapshots++;
                trace.add(process.name() + " takes a snapshot of position " + position + ", it is quiet");
            }
            return real.beginSnapshot();
        }
    }
}
