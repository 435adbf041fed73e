package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.session.SerialExecutor;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.Optional;
import java.util.function.Consumer;

/** The core of a read-write lock, opened to the simulation; what {@code QueuedLock} does with callers and a client. */
public final class DrivenLock {
    /** Never started, so it has no session and sends nothing: the simulation asks its own client whether a lease lives. */
    static final CoordClient UNSTARTED =
            CoordClient.builder().connectString("localhost:1").build();

    private final SerialExecutor queue;
    private final LockCore core;

    public DrivenLock(String path, Contender.Factory contenders, SerialExecutor queue) {
        this.queue = queue;
        this.core = new LockCore(path, contenders, this::leaseOf);
    }

    private Lease leaseOf(Hold hold) {
        return new Lease(UNSTARTED, queue, core, hold);
    }

    /** A call of acquire. */
    public final class Attempt {
        private final Acquisition call;

        private Attempt(Acquisition call) {
            this.call = call;
        }

        public void giveUp() {
            if (call.result.complete(Optional.empty())) {
                core.cancelled(call);
            }
        }

        /** @param then told on the queue when no znode of the call is left */
        public void whenGone(Runnable then) {
            call.gone.thenRun(() -> queue.execute(then));
        }
    }

    /** What was acquired. */
    public static final class Held {
        private final Lease lease;

        Held(Lease lease) {
            this.lease = lease;
        }

        public Place place() {
            return lease.hold().place;
        }

        /** As far as the lock's core knows; the client's session is another matter. */
        public boolean isHeld() {
            return lease.hold().state() == LeaseState.HELD;
        }

        public boolean isLost() {
            return lease.hold().state() == LeaseState.LOST;
        }

        public void release() {
            lease.releaseAsync();
        }
    }

    /**
     * @param granted told on the queue
     * @param refused likewise, when it will not be granted
     */
    public Attempt acquire(Object owner, QueueKind kind, Consumer<Held> granted, Runnable refused) {
        Acquisition call = new Acquisition(kind, owner, false);
        call.result.whenComplete((lease, failure) -> queue.execute(() -> {
            if (failure == null && lease.isPresent()) {
                granted.accept(new Held(lease.get()));
            } else {
                refused.run();
            }
        }));
        core.acquire(call);
        return new Attempt(call);
    }
}
