package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.QueueKind;
import io.coord.recipes.internal.queue.ZnodeContender;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One side of a lock: brings callers' threads to the core and back. */
final class QueuedLock implements ReentrantDistributedLock {
    /** What a lock object is made of; the two sides of a read-write lock share one. */
    static final class Shared {
        final CoordClient client;
        final String path;
        final SerialExecutor queue;
        final LockCore core;

        /** What every znode is to hold; null to describe who asked. */
        final byte @Nullable [] lockData;

        Shared(CoordClient client, String path, byte @Nullable [] lockData) {
            this.client = client;
            this.path = ZnodePath.validate(path);
            this.queue = client.serialExecutor();
            this.lockData = lockData == null ? null : lockData.clone();
            this.core = new LockCore(
                    path,
                    (entrance, listener) -> ZnodeContender.enter(client, queue, entrance, listener),
                    this::leaseOf);
        }

        private Lease leaseOf(Hold hold) {
            return new Lease(client, queue, core, hold);
        }

        private byte[] dataFor(String asker, String purpose) {
            return lockData == null ? HolderDescription.ofCaller(asker, purpose).toBytes() : lockData;
        }
    }

    /** Who owns what is acquired. */
    private enum Ownership {
        /** The calling thread, where the call blocks. */
        THREAD,
        /** One that the view was made for. */
        NAMED,
        /** Nobody but the lease. */
        LEASE
    }

    private final Shared shared;
    private final QueueKind kind;
    private final Ownership ownership;
    private final @Nullable LockOwner namedOwner;
    private final String purpose;

    QueuedLock(Shared shared, QueueKind kind) {
        this(shared, kind, Ownership.THREAD, null, "");
    }

    private QueuedLock(
            Shared shared, QueueKind kind, Ownership ownership, @Nullable LockOwner namedOwner, String purpose) {
        this.shared = shared;
        this.kind = kind;
        this.ownership = ownership;
        this.namedOwner = namedOwner;
        this.purpose = purpose;
    }

    @Override
    public ReentrantDistributedLock ownedBy(LockOwner owner) {
        return new QueuedLock(shared, kind, Ownership.NAMED, owner, purpose);
    }

    @Override
    public DistributedLock withoutReentry() {
        return new QueuedLock(shared, kind, Ownership.LEASE, null, purpose);
    }

    @Override
    public ReentrantDistributedLock forPurpose(String why) {
        return new QueuedLock(shared, kind, ownership, namedOwner, HolderDescription.checkedPurpose(why));
    }

    /** The owner of what the calling thread acquires; null for nobody. */
    private @Nullable Object owner(boolean blocking) {
        return switch (ownership) {
            case THREAD -> blocking ? Thread.currentThread() : null;
            case NAMED -> namedOwner;
            case LEASE -> null;
        };
    }

    private Object ownerOfNewest() {
        Object owner = owner(true);
        if (owner == null) {
            throw new IllegalMonitorStateException(
                    "leases of " + path() + " that nobody owns are released by themselves");
        }
        return owner;
    }

    @Override
    public String path() {
        return shared.path;
    }

    @Override
    public Lease acquire() {
        return Callers.await(start(true, null).result, "acquire", path())
                .orElseThrow(() -> new IllegalStateException("an acquire without a deadline came back empty"));
    }

    @Override
    public Optional<Lease> acquire(Duration wait) {
        return Callers.await(start(true, wait).result, "acquire", path());
    }

    @Override
    public Optional<Lease> tryAcquire() {
        return acquire(Duration.ZERO);
    }

    @Override
    public CompletionStage<Lease> acquireAsync() {
        return stage(null, Optional::orElseThrow);
    }

    @Override
    public CompletionStage<Optional<Lease>> acquireAsync(Duration wait) {
        return stage(wait, granted -> granted);
    }

    private <R> CompletionStage<R> stage(@Nullable Duration wait, Function<Optional<Lease>, R> result) {
        Acquisition call = start(false, wait);
        return CallerStages.pending(
                shared.client, call.result, call.gone, result, granted -> granted.ifPresent(Lease::releaseAsync));
    }

    /** @param wait null to wait as long as it takes */
    private Acquisition start(boolean blocking, @Nullable Duration wait) {
        if (blocking) {
            CoordClient.refuseOnClientThread("acquire");
        }
        boolean immediate = wait != null && (wait.isZero() || wait.isNegative());
        Acquisition call = new Acquisition(kind, owner(blocking), immediate, dataForCaller());
        Duration bound = immediate ? shared.client.requestTimeout() : wait;
        if (bound != null) {
            call.deadline = Timer.schedule(
                    shared.queue,
                    bound,
                    () -> shared.core.deadlinePassed(call, shared.client.state() == SessionState.CONNECTED));
        }
        call.result.whenComplete((lease, failure) -> {
            if (call.deadline != null) {
                call.deadline.cancel();
            }
            if (call.result.isCancelled()) {
                shared.queue.execute(() -> shared.core.cancelled(call));
            }
        });
        shared.queue.execute(() -> shared.core.acquire(call));
        return call;
    }

    private byte[] dataForCaller() {
        LockOwner owner = namedOwner;
        return shared.dataFor(owner == null ? Thread.currentThread().getName() : owner.name(), purpose);
    }

    @Override
    public void release() {
        Object caller = ownerOfNewest();
        CompletableFuture<Lease> newest = Callers.ask(shared.queue, () -> {
            Lease lease = shared.core.newestLease(caller, kind);
            if (lease == null) {
                throw new IllegalMonitorStateException(caller + " has no lease of " + path());
            }
            return lease;
        });
        Callers.await(newest, "release", path()).release();
    }

    @Override
    public boolean isHeldByCurrentThread() {
        Object caller = owner(true);
        if (caller == null) {
            return false;
        }
        return Callers.await(
                Callers.ask(shared.queue, () -> shared.core.isHeldBy(caller, kind)), "isHeldByCurrentThread", path());
    }

    @Override
    public LockQueue queue() {
        return new LockQueue(shared.client, shared.path);
    }

    @Override
    public List<LockParticipant> participants() {
        return queue().participants();
    }
}
