package io.coord.recipes.lock;

import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One znode that holds a lock, shared by the leases that an owner took one upon the other. The lock's queue owns it; any
 * thread reads its state.
 */
final class Hold {
    final QueueKind kind;
    final Place place;
    final @Nullable Object owner;
    final Contender contender;
    /** Leases, and takers-over of its place that are under way. */
    int users;

    final List<Lease> leases = new ArrayList<>();
    /** The last lease, when its release is what the znode is being deleted for. */
    @Nullable
    Lease releasing;

    /** Somebody asked for its place. */
    boolean releaseRequested;

    private volatile LeaseState state = LeaseState.HELD;

    Hold(QueueKind kind, Place place, @Nullable Object owner, Contender contender) {
        this.kind = kind;
        this.place = place;
        this.owner = owner;
        this.contender = contender;
    }

    LeaseState state() {
        return state;
    }

    void state(LeaseState next) {
        state = next;
    }

    /** Gives up the znode; the lease, if there is one, hears when it is gone. */
    void release(@Nullable Lease lease) {
        state = LeaseState.RELEASED;
        releasing = lease;
        contender.leave();
    }

    void lose() {
        state = LeaseState.LOST;
        List.copyOf(leases).forEach(Lease::lost);
    }

    void requestRelease() {
        releaseRequested = true;
        List.copyOf(leases).forEach(Lease::releaseRequested);
    }

    void releaseDelayed() {
        if (releasing != null) {
            releasing.releaseDelayed();
        }
    }

    void left() {
        if (releasing != null) {
            releasing.left();
        }
    }

    boolean isUsable() {
        return state == LeaseState.HELD || state == LeaseState.SUSPECT;
    }
}
