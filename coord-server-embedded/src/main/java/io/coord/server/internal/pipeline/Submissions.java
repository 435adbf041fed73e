package io.coord.server.internal.pipeline;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.Replicator;
import org.jspecify.annotations.Nullable;

/**
 * The commands under way, by ticket. Tickets count up and are answered nearly in order, so a ring holds them: no hashing, no
 * boxing.
 */
final class Submissions {
    private static final int INITIAL_CAPACITY = 256;

    private final Replicator replicator;
    private @Nullable Submission[] ring = new @Nullable Submission[INITIAL_CAPACITY];
    /** The lowest ticket that may still be open. */
    private long first = Replicator.NO_TICKET + 1;

    private long next = first;
    private int outstanding;

    Submissions(Replicator replicator) {
        this.replicator = replicator;
    }

    void submit(Command command, Submission submission) {
        if (next - first == ring.length) {
            grow();
        }
        long ticket = next++;
        ring[index(ticket)] = submission;
        outstanding++;
        replicator.submit(command, ticket);
    }

    int outstanding() {
        return outstanding;
    }

    /** Ends a submission; null for a ticket of an earlier life, or none. */
    @Nullable
    Submission take(long ticket) {
        if (ticket < first || ticket >= next) {
            return null;
        }
        int index = index(ticket);
        Submission submission = ring[index];
        if (submission != null) {
            ring[index] = null;
            outstanding--;
            while (first < next && ring[index(first)] == null) {
                first++;
            }
        }
        return submission;
    }

    private int index(long ticket) {
        return (int) ticket & (ring.length - 1);
    }

    private void grow() {
        @Nullable Submission[] larger = new @Nullable Submission[ring.length * 2];
        for (long ticket = first; ticket < next; ticket++) {
            larger[(int) ticket & (larger.length - 1)] = ring[index(ticket)];
        }
        ring = larger;
    }
}
