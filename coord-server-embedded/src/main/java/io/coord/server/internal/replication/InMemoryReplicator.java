package io.coord.server.internal.replication;

import io.coord.server.internal.runtime.StateMailbox;
import org.jspecify.annotations.Nullable;

/**
 * Commits whatever it is given, in the order of submission, and keeps nothing: the state is gone with the process. All that
 * was submitted within one turn of the owner comes back as one batch in a later turn, or slice by slice in several.
 *
 * <p>A state that throws out of a callback has applied an unknown part of a command, so it is not fed any further: {@link
 * ReplicatedState#onFailed}.
 */
public final class InMemoryReplicator implements Replicator {
    private final StateMailbox mailbox;
    private final Runnable deliver = this::deliver;

    private PendingCommands submitted = new PendingCommands();
    private PendingCommands delivering = new PendingCommands();
    private @Nullable ReplicatedState state;
    private @Nullable Thread owner;
    private boolean ready;
    private boolean delivery;
    /** The first command of the batch under delivery that is still to come. */
    private int next;

    private boolean closed;

    public InMemoryReplicator(StateMailbox mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public void start(ReplicatedState replicatedState) {
        if (state != null || closed) {
            throw new IllegalStateException("a replicator starts once");
        }
        state = replicatedState;
        owner = Thread.currentThread();
        mailbox.offer(() -> {
            if (!closed) {
                ready = true;
                replicatedState.onRoleChanged(Role.LEADER);
                replicatedState.onReady();
            }
        });
    }

    /** {@inheritDoc} Without effect after {@link #close}. */
    @Override
    public void submit(Command command, long ticket) {
        checkOwner();
        if (closed) {
            return;
        }
        if (!ready) {
            throw new IllegalStateException("submitted before onReady");
        }
        submitted.add(command, ticket);
        if (!delivery) {
            delivery = true;
            mailbox.offer(deliver);
        }
    }

    /** Never called for: this server is the leader of itself. */
    @Override
    public void tellLeader(long[] touchedSessions) {}

    @Override
    public void close(CloseCallback done) {
        checkOwner();
        closed = true;
        mailbox.offer(() -> done.onClosed(null));
    }

    private void deliver() {
        @Nullable ReplicatedState target = state;
        if (closed || target == null) {
            return;
        }
        if (delivering.isEmpty()) {
            PendingCommands batch = submitted;
            submitted = delivering;
            delivering = batch;
        }
        try {
            deliverSlice(target);
        } catch (RuntimeException | Error e) {
            closed = true;
            while (next < delivering.size()) {
                target.onUnknown(delivering.ticket(next), "applying a committed command failed");
                next++;
            }
            refuseSubmitted(target);
            target.onFailed(e);
            return;
        }
        if (next == delivering.size()) {
            delivering.clear();
            next = 0;
        }
        delivery = !delivering.isEmpty() || !submitted.isEmpty();
        if (delivery) {
            mailbox.offerBehindInput(deliver);
        }
    }

    private void deliverSlice(ReplicatedState target) {
        int end = delivering.sliceEnd(next);
        while (next < end && !closed) {
            int i = next++;
            target.onCommitted(delivering.command(i), delivering.ticket(i));
        }
        if (!closed) {
            target.onBatchEnd();
        }
    }

    private void refuseSubmitted(ReplicatedState target) {
        for (int i = 0; i < submitted.size(); i++) {
            target.onRefused(submitted.ticket(i), "the replicator has failed");
        }
        submitted.clear();
    }

    private void checkOwner() {
        if (owner != null && owner != Thread.currentThread()) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + ", owned by " + owner.getName());
        }
    }
}
