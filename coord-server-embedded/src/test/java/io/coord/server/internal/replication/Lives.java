package io.coord.server.internal.replication;

import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDamagedException;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogMismatchException;
import io.coord.server.internal.log.SimulatedDirectory;
import io.coord.server.internal.log.SimulatedDirectory.Fault;
import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import io.coord.server.internal.state.Commands;
import io.coord.server.internal.state.CoordStateMachine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One data directory through the lives of many servers: real replicator, real state machine, real snapshots, simulated disk.
 * Beside it a reference state that is given each acknowledged command once. After each start the server's state has to be the
 * reference's, or what it becomes by a first part of the commands whose fate nobody was told.
 */
final class Lives {
    static final LogConfig CONFIG = LogConfig.DEFAULT
            .withSegmentBytes(600, 5_000)
            .withSnapshotEvery(25, 1 << 30)
            .withConfirmAfterIdleMs(0)
            .withQuietSnapshots(1_000, 0);
    private static final LogConfig SAVED_AT_THE_END = CONFIG.withQuietSnapshots(1_000, 1 << 20);
    private static final int TRACED_OPERATIONS = 200;
    static final Fault NONE = (number, operation, name) -> Outcome.DONE;

    private final OwnerQueue owner = new OwnerQueue();
    private final CoordStateMachine reference = new CoordStateMachine(1);
    private final UnaryOperator<LogDirectory> plant;
    private final Random random;
    /** Of its own, so that the rest of a seed is as it was. */
    private final Random quietness;

    private final Iterator<Command> script;
    private SimulatedDirectory directory = new SimulatedDirectory();
    private List<Command> maybe = List.of();
    private final List<String> trace = Collections.synchronizedList(new ArrayList<>());
    private int acknowledged;
    private int refused;
    private int snapshots;
    private int failedLogs;
    private long timeMs;

    /**
     * @param commands how many there are at most, over all lives
     * @param plant what the server gets instead of the directory
     */
    Lives(long seed, int commands, UnaryOperator<LogDirectory> plant) {
        this.random = new Random(seed);
        this.quietness = new Random(~seed);
        this.script = script(seed, commands).iterator();
        this.plant = plant;
    }

    /** All kinds of commands; sessions come back with their real passwords and go on writing. */
    private static List<Command> script(long seed, int count) {
        List<Command> result = new ArrayList<>();
        List<byte[]> passwords = new ArrayList<>();
        Map<Long, Integer> attachments = new HashMap<>();
        long time = 0;
        for (Command each : Commands.random(seed, count)) {
            time++;
            if (each instanceof Command.CreateSession create) {
                passwords.add(create.password());
                result.add(new Command.CreateSession(time, create.timeoutMs(), create.password()));
            } else if (each instanceof Command.AttachSession attach) {
                int number = (int) (attach.sessionId() & 0xffff_ffffL) - 1;
                if (time % 2 == 0 && number < passwords.size()) {
                    attachments.merge(attach.sessionId(), 2, (before, ignored) -> before + 1);
                    result.add(new Command.AttachSession(
                            time, attach.sessionId(), attach.timeoutMs(), passwords.get(number)));
                } else {
                    result.add(each);
                }
            } else if (each instanceof Command.Write write) {
                int attachment = attachments.getOrDefault(write.sessionId(), 1);
                result.add(new Command.Write(
                        time, write.sessionId(), attachment, write.ids(), write.rules(), write.request()));
            } else {
                result.add(each);
            }
        }
        return result;
    }

    int acknowledged() {
        return acknowledged;
    }

    int refused() {
        return refused;
    }

    int snapshots() {
        return snapshots;
    }

    int failedLogs() {
        return failedLogs;
    }

    Random random() {
        return random;
    }

    SimulatedDirectory directory() {
        return directory;
    }

    /**
     * Starts a server, checks what it found, lets it work, and takes the power.
     *
     * @return whether the fault had stopped the machine before
     */
    boolean live(Fault fault, int commands, Loss loss) {
        trace.add("a life begins, and ends with the loss of " + loss);
        directory.setFault((number, operation, name) -> traced(fault.at(number, operation, name), operation, name));
        MachineState state = new MachineState();
        SingleNodeReplicator replicator = new SingleNodeReplicator(
                owner, () -> plant.apply(directory), quietness.nextInt(4) == 0 ? SAVED_AT_THE_END : CONFIG);
        replicator.start(state);
        owner.runUntil(() -> state.ready || state.failure != null);
        if (state.ready) {
            adopt(state);
            work(replicator, state, commands);
        } else if (state.failure instanceof LogDamagedException || state.failure instanceof LogMismatchException) {
            throw new AssertionError("the disk has lost nothing that it had promised", state.failure);
        }
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        owner.runUntil(() -> closed[0]);
        boolean crashed = directory.isCrashed();
        directory = directory.afterCrash(loss, random);
        return crashed;
    }

    private Outcome traced(Outcome outcome, Operation operation, String name) {
        trace.add(operation + " " + name + (outcome == Outcome.DONE ? "" : ": " + outcome));
        return outcome;
    }

    /** What the disk was asked to do in the last lives; threads make each run of a seed a little different. */
    String lastOperations() {
        synchronized (trace) {
            return String.join("\n", trace.subList(Math.max(0, trace.size() - TRACED_OPERATIONS), trace.size()));
        }
    }

    /** A start that nothing disturbs has to find what there must be. */
    void check() {
        if (live(NONE, 0, Loss.EVERYTHING_UNSYNCED) || !maybe.isEmpty()) {
            throw new AssertionError("the server did not start");
        }
    }

    private void adopt(MachineState state) {
        long found = state.machine.digest();
        int kept = 0;
        while (reference.digest() != found) {
            if (kept == maybe.size()) {
                throw new AssertionError("the state at zxid " + state.machine.lastZxid() + " is none of those that "
                        + acknowledged + " acknowledged and then " + kept + " uncertain commands lead to");
            }
            reference.apply(maybe.get(kept++));
        }
        maybe = List.of();
    }

    private void work(SingleNodeReplicator replicator, MachineState state, int commands) {
        Map<Long, Command> submitted = new TreeMap<>();
        long last = 0;
        while (last < commands && script.hasNext() && !state.hasFailed()) {
            int burst = 1 + random.nextInt(6);
            for (int i = 0; i < burst && script.hasNext(); i++) {
                last++;
                submitted.put(last, script.next());
                replicator.submit(submitted.get(last), last);
            }
            if (quietness.nextInt(20) == 0) {
                timeMs += 600;
                replicator.onTick(timeMs);
            }
            long enough = last - random.nextInt(4);
            owner.runUntil(() -> state.hasFailed() || state.settled() >= enough);
            if (quietness.nextInt(3) == 0) {
                // Otherwise it would be up to the threads whether the next snapshot finds this one written.
                owner.runUntil(() -> state.hasFailed() || !state.saving);
            }
        }
        long all = last;
        owner.runUntil(() -> state.failure != null || state.settled() == all);
        int expected = 0;
        for (long ticket : state.committed) {
            reference.apply(submitted.remove(ticket));
            expected++;
        }
        if (state.machine.digest() != reference.digest()) {
            throw new AssertionError("the live state is not that of its " + expected + " committed commands");
        }
        submitted.keySet().removeAll(state.refused);
        maybe = List.copyOf(submitted.values());
        acknowledged += expected;
        refused += state.refused.size();
        snapshots += state.snapshots;
        failedLogs += state.logFailure == null ? 0 : 1;
    }
}
