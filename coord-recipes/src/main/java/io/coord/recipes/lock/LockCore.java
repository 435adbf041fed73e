package io.coord.recipes.lock;

import io.coord.client.error.RequestTimeoutException;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.PlaceNotInheritedException;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds what of one lock object: re-entry, downgrade, the refusal of upgrades, and which lease is an owner's newest.
 * Owners are threads, or whoever the caller says.
 * It knows neither client nor clock. For a read-write lock one core serves both of its sides.
 */
final class LockCore implements LeaseKeeper {
    /** Makes the lease that a holder gets. */
    @FunctionalInterface
    interface LeaseFactory {
        Lease leaseOf(Hold hold);
    }

    private final String path;
    private final Contender.Factory contenders;
    private final LeaseFactory leases;

    private final Map<Object, List<Hold>> holdsByOwner = new HashMap<>();
    private final Map<Object, Deque<Lease>> leasesByOwner = new HashMap<>();
    /** Releases whose first attempt was not confirmed. New contenders wait for them instead of queueing behind them. */
    private int delayedReleases;

    private final Deque<Acquisition> parked = new ArrayDeque<>();

    LockCore(String path, Contender.Factory contenders, LeaseFactory leases) {
        this.path = path;
        this.contenders = contenders;
        this.leases = leases;
    }

    // ---- acquiring

    void acquire(Acquisition call) {
        if (call.result.isDone()) {
            call.gone.complete(null);
            return;
        }
        Hold same = usableHold(call.owner, call.kind);
        if (same != null) {
            grant(call, same);
            call.gone.complete(null);
            return;
        }
        if (call.kind == QueueKind.WRITE && usableHold(call.owner, QueueKind.READ) != null) {
            fail(call, new LockUpgradeException(path));
            call.gone.complete(null);
            return;
        }
        Hold writer = call.kind == QueueKind.READ ? usableHold(call.owner, QueueKind.WRITE) : null;
        if (writer != null) {
            takeOver(call, writer);
        } else if (delayedReleases > 0) {
            parked.add(call);
        } else {
            enter(call, Entrance.atTheEnd(path, call.kind), null);
        }
    }

    /**
     * Ends a call whose time is over.
     *
     * @param connected whether the servers are in reach, so that it was others or its own haste that kept it out
     */
    void deadlinePassed(Acquisition call, boolean connected) {
        if (call.hasWaited || (connected && !call.immediate)) {
            giveUp(call, Optional.empty());
        } else if (call.result.completeExceptionally(new RequestTimeoutException(
                "acquire", path, "the servers were out of reach, no place in the queue was reached in time"))) {
            abandon(call);
        }
    }

    /** The caller does not want it any more. */
    void cancelled(Acquisition call) {
        abandon(call);
    }

    private void giveUp(Acquisition call, Optional<Lease> result) {
        if (call.result.complete(result)) {
            abandon(call);
        }
    }

    private void abandon(Acquisition call) {
        if (parked.remove(call)) {
            call.gone.complete(null);
        }
        Contender contender = call.contender;
        if (contender != null) {
            contender.leave();
        }
    }

    private void fail(Acquisition call, RuntimeException cause) {
        call.result.completeExceptionally(cause);
    }

    private void grant(Acquisition call, Hold hold) {
        Lease lease = leases.leaseOf(hold);
        hold.users++;
        hold.leases.add(lease);
        if (hold.owner != null) {
            leasesByOwner
                    .computeIfAbsent(hold.owner, owner -> new ArrayDeque<>())
                    .addLast(lease);
        }
        if (!call.result.complete(Optional.of(lease))) {
            release(lease);
        }
    }

    private void takeOver(Acquisition call, Hold writer) {
        // Until the reader stands in the writer's place the writer must not leave it.
        writer.users++;
        enter(call, Entrance.inPlaceOf(writer.place, path, QueueKind.READ), writer);
    }

    private void enter(Acquisition call, Entrance entrance, @Nullable Hold predecessor) {
        Attempt attempt = new Attempt(call, predecessor);
        Contender contender = contenders.enter(entrance.withData(call.data), attempt);
        attempt.contender = contender;
        if (!attempt.isOver) {
            call.contender = contender;
            if (call.result.isDone()) {
                contender.leave();
            }
        }
    }

    private @Nullable Hold usableHold(@Nullable Object owner, QueueKind kind) {
        if (owner != null) {
            for (Hold hold : holdsByOwner.getOrDefault(owner, List.of())) {
                if (hold.kind == kind && hold.isUsable()) {
                    return hold;
                }
            }
        }
        return null;
    }

    // ---- releasing

    /** The newest lease that the owner took and that was not released yet, lost or not. */
    @Nullable
    Lease newestLease(Object owner, QueueKind kind) {
        Deque<Lease> taken = leasesByOwner.get(owner);
        if (taken != null) {
            for (Iterator<Lease> newestFirst = taken.descendingIterator(); newestFirst.hasNext(); ) {
                Lease lease = newestFirst.next();
                if (lease.hold().kind == kind) {
                    return lease;
                }
            }
        }
        return null;
    }

    boolean isHeldBy(Object owner, QueueKind kind) {
        return usableHold(owner, kind) != null;
    }

    @Override
    public void release(Lease lease) {
        Hold hold = lease.hold();
        if (!hold.leases.remove(lease)) {
            return;
        }
        if (hold.owner != null) {
            Deque<Lease> taken = leasesByOwner.get(hold.owner);
            if (taken != null) {
                taken.remove(lease);
                if (taken.isEmpty()) {
                    leasesByOwner.remove(hold.owner);
                }
            }
        }
        lease.released(hold.users > 1 || !hold.isUsable());
        dropUser(hold, lease);
    }

    private void dropUser(Hold hold, @Nullable Lease lease) {
        hold.users--;
        if (hold.users > 0) {
            return;
        }
        forget(hold);
        if (hold.isUsable()) {
            hold.release(lease);
        }
    }

    private void forget(Hold hold) {
        if (hold.owner != null) {
            List<Hold> holds = holdsByOwner.get(hold.owner);
            if (holds != null) {
                holds.remove(hold);
                if (holds.isEmpty()) {
                    holdsByOwner.remove(hold.owner);
                }
            }
        }
    }

    /** One contender of one call, and then of the hold that came of it. */
    private final class Attempt implements ContenderListener {
        private final Acquisition call;
        private @Nullable Hold predecessor;
        private @Nullable Contender contender;
        private @Nullable Hold hold;
        private boolean delayed;
        /** Another attempt of the same call has taken its place. */
        private boolean followed;

        private boolean isOver;

        Attempt(Acquisition call, @Nullable Hold predecessor) {
            this.call = call;
            this.predecessor = predecessor;
        }

        @Override
        public void waiting() {
            call.hasWaited = true;
            if (call.immediate) {
                giveUp(call, Optional.empty());
            }
        }

        @Override
        public void granted(Place place) {
            Contender self = contender;
            if (self == null) {
                throw new IllegalStateException("granted from within its own start");
            }
            Hold granted = new Hold(call.kind, place, call.owner, self);
            hold = granted;
            if (call.owner != null) {
                holdsByOwner
                        .computeIfAbsent(call.owner, owner -> new ArrayList<>())
                        .add(granted);
            }
            grant(call, granted);
            dropPredecessor();
        }

        @Override
        public void suspended() {
            if (hold != null) {
                hold.state(LeaseState.SUSPECT);
            }
        }

        @Override
        public void restored() {
            if (hold != null) {
                hold.state(LeaseState.HELD);
            }
        }

        @Override
        public void lost() {
            isOver = true;
            Hold lost = hold;
            if (lost != null) {
                forget(lost);
                lost.lose();
            }
            call.gone.complete(null);
        }

        @Override
        public void releaseRequested() {
            if (hold != null) {
                hold.requestRelease();
            }
        }

        @Override
        public void refused(RuntimeException cause) {
            Hold writer = predecessor;
            dropPredecessor();
            if (writer != null && cause instanceof PlaceNotInheritedException) {
                // The writer's place is gone, noticed or not: the reader is one like all others now.
                call.contender = null;
                followed = true;
                writer.contender.verify();
                enter(call, Entrance.atTheEnd(path, call.kind), null);
            } else {
                fail(call, cause);
            }
        }

        @Override
        public void leaveDelayed() {
            delayed = true;
            delayedReleases++;
            if (hold != null) {
                hold.releaseDelayed();
            }
        }

        @Override
        public void left() {
            isOver = true;
            dropPredecessor();
            if (hold != null) {
                hold.left();
            }
            if (!followed) {
                call.gone.complete(null);
            }
            if (delayed) {
                delayedReleases--;
                unpark();
            }
        }

        private void dropPredecessor() {
            Hold before = predecessor;
            if (before != null) {
                predecessor = null;
                dropUser(before, null);
            }
        }
    }

    private void unpark() {
        if (delayedReleases == 0) {
            List<Acquisition> waiting = List.copyOf(parked);
            parked.clear();
            waiting.forEach(this::acquire);
        }
    }
}
