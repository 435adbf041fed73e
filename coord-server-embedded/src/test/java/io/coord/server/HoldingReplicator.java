package io.coord.server;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.InMemoryReplicator;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.runtime.StateThread;
import java.util.ArrayDeque;
import java.util.Deque;

/** Commits the writes of clients when the test says so, everything else at once: a log whose disk is slow. */
final class HoldingReplicator implements Replicator {
    private record Submitted(Command command, long ticket) {}

    private final StateThread thread;
    private final InMemoryReplicator replicator;
    private final Deque<Submitted> held = new ArrayDeque<>();
    private boolean holding;

    HoldingReplicator(StateThread thread) {
        this.thread = thread;
        this.replicator = new InMemoryReplicator(thread);
    }

    /** From any thread. */
    void hold() {
        thread.offer(() -> holding = true);
    }

    /** From any thread. */
    void release() {
        thread.offer(() -> {
            holding = false;
            while (!held.isEmpty()) {
                Submitted next = held.remove();
                replicator.submit(next.command(), next.ticket());
            }
        });
    }

    @Override
    public void start(ReplicatedState state) {
        replicator.start(state);
    }

    @Override
    public void submit(Command command, long ticket) {
        if (holding && command instanceof Command.Write) {
            held.add(new Submitted(command, ticket));
        } else {
            replicator.submit(command, ticket);
        }
    }

    @Override
    public void tellLeader(long[] touchedSessions) {
        replicator.tellLeader(touchedSessions);
    }

    @Override
    public void close(CloseCallback done) {
        replicator.close(done);
    }
}
