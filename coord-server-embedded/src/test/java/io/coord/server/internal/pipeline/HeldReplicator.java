package io.coord.server.internal.pipeline;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Role;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Keeps what is submitted until the test says what becomes of it. */
final class HeldReplicator implements Replicator {
    record Submitted(Command command, long ticket) {}

    final Deque<Submitted> held = new ArrayDeque<>();
    /** What the leader was told, report by report. */
    final List<List<Long>> reports = new ArrayList<>();

    /** Whether there are other servers. */
    boolean shared;

    private ReplicatedState state;

    @Override
    public void start(ReplicatedState replicatedState) {
        state = replicatedState;
        state.onRoleChanged(Role.LEADER);
        state.onReady();
    }

    @Override
    public void tellLeader(long[] touchedSessions) {
        reports.add(Arrays.stream(touchedSessions).boxed().toList());
    }

    @Override
    public void submit(Command command, long ticket) {
        held.add(new Submitted(command, ticket));
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public void close(CloseCallback done) {
        done.onClosed(null);
    }

    /** Commits the oldest. */
    void commitNext() {
        Submitted next = held.remove();
        state.onCommitted(next.command(), next.ticket());
        state.onBatchEnd();
    }

    void commitAll() {
        while (!held.isEmpty()) {
            Submitted next = held.remove();
            state.onCommitted(next.command(), next.ticket());
        }
        state.onBatchEnd();
    }

    void refuseLast() {
        state.onRefused(held.removeLast().ticket(), "the test says so");
    }

    void loseNext() {
        state.onUnknown(held.remove().ticket(), "the test says so");
    }

    /** The fate of all that is held is unknown, and nothing is taken any more. */
    void failLog() {
        while (!held.isEmpty()) {
            loseNext();
        }
        state.onLogFailed(new IOException("the test says so"));
    }

    void become(Role role) {
        state.onRoleChanged(role);
    }

    /** A follower has heard of these. */
    void touch(long... sessionIds) {
        touchFrom(1, sessionIds);
    }

    void touchFrom(int follower, long... sessionIds) {
        state.onTouched(follower, sessionIds);
    }

    /** Something that another server submitted. */
    void commitForeign(Command command) {
        state.onCommitted(command, NO_TICKET);
        state.onBatchEnd();
    }
}
