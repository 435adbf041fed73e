package io.coord.server.internal.replication;

import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.StateRestore;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The real state machine behind a replicator, and what else the replicator said. */
final class MachineState implements ReplicatedState {
    final CoordStateMachine machine = new CoordStateMachine(7);
    /** Tickets, in their order. */
    final List<Long> committed = new ArrayList<>();

    final Set<Long> refused = new HashSet<>();
    final Set<Long> unknown = new HashSet<>();
    boolean ready;
    int snapshots;
    boolean saving;
    Throwable logFailure;
    Throwable failure;
    private StateRestore restore;

    boolean hasFailed() {
        return failure != null || logFailure != null;
    }

    int settled() {
        return committed.size() + refused.size() + unknown.size();
    }

    @Override
    public void onRestoreStarted() {
        restore = machine.beginRestore();
    }

    @Override
    public void onRestoreChunk(ByteBuf chunk) {
        restore.readChunk(chunk);
    }

    @Override
    public void onRestoreFinished() {
        machine.finishRestore();
    }

    @Override
    public void onCommitted(Command command, long ticket) {
        machine.apply(command);
        if (ticket != Replicator.NO_TICKET) {
            committed.add(ticket);
        }
    }

    @Override
    public void onBatchEnd() {}

    @Override
    public void onRefused(long ticket, String reason) {
        refused.add(ticket);
    }

    @Override
    public void onUnknown(long ticket, String reason) {
        unknown.add(ticket);
    }

    @Override
    public void onRoleChanged(Role role) {}

    @Override
    public void onTouched(int follower, long[] sessionIds) {}

    @Override
    public void onReady() {
        ready = true;
    }

    @Override
    public void onLogFailed(Throwable cause) {
        logFailure = cause;
    }

    @Override
    public void onFailed(Throwable cause) {
        failure = cause;
    }

    @Override
    public SnapshotCut beginSnapshot() {
        snapshots++;
        saving = true;
        SnapshotCut cut = machine.beginSnapshot();
        return new SnapshotCut() {
            @Override
            public boolean writeNext(ByteBuf bytes) {
                return cut.writeNext(bytes);
            }

            @Override
            public void abandon() {
                saving = false;
                cut.abandon();
            }
        };
    }
}
