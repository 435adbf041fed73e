package io.coord.server.internal.replication;

import io.coord.server.internal.runtime.StateMailbox;
import org.jspecify.annotations.Nullable;

/**
 * Commits whatever it is given, in the order of submission, and keeps nothing: the state is gone with the process. All that
 * was submitted within one turn of the owner comes back as one batch in a later turn.
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

    @Override
    public void close(CloseCallback done) {
        checkOwner();
        closed = true;
        mailbox.offer(() -> done.onClosed(null));
    }

    private void deliver() {
        delivery = false;
        @Nullable ReplicatedState target = state;
        if (closed || target == null) {
            return;
        }
        PendingCommands batch = submitted;
        submitted = delivering;
        delivering = batch;
        int next = 0;
        try {
            while (next < batch.size() && !closed) {
                int i = next++;
                target.onCommitted(batch.command(i), batch.ticket(i));
            }
            if (!closed) {
                target.onBatchEnd();
            }
        } catch (RuntimeException | Error e) {
            closed = true;
            while (next < batch.size()) {
                target.onUnknown(batch.ticket(next), "applying a committed command failed");
                next++;
            }
            refuseSubmitted(target);
            target.onFailed(e);
        } finally {
            batch.clear();
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
