package io.coord.recipes.leader;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionLease;
import io.coord.recipes.internal.call.Subscription;
import io.coord.recipes.internal.queue.GuardedWrites;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.recipes.lock.LeaseState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A latch's time of being the leader, from the moment at which its core says so to the moment at which it says otherwise.
 *
 * <p>Thread-safe: the latch's queue writes the one volatile field.
 */
final class LatchTenure implements Tenure {
    private final CoordClient client;
    private final SerialExecutor queue;
    private final Place place;
    private final SessionLease session;
    private final GuardedWrites writes;
    private final List<Subscription<Runnable>> subscriptions = new CopyOnWriteArrayList<>();
    private volatile LeaseState state = LeaseState.HELD;

    /** @param verify has the latch look whether its znode is still there */
    LatchTenure(CoordClient client, SerialExecutor queue, Place place, Runnable verify) {
        this.client = client;
        this.queue = queue;
        this.place = place;
        this.session = client.lease();
        this.writes = new GuardedWrites(client, place.path(), () -> {
            queue.execute(verify);
            return over(LeaseState.LOST);
        });
    }

    boolean isCertain() {
        return state == LeaseState.HELD && session.sessionId() == place.session() && session.isAlive();
    }

    /** On the latch's queue. */
    void end(LeaseState how) {
        if (state == LeaseState.HELD) {
            state = how;
            if (how == LeaseState.LOST) {
                subscriptions.forEach(subscription -> subscription.tell(Runnable::run));
            }
        }
    }

    @Override
    public LeaseState state() {
        LeaseState now = state;
        return now == LeaseState.HELD && !isCertain() ? LeaseState.SUSPECT : now;
    }

    @Override
    public Registration onLost(Runnable callback) {
        Subscription<Runnable> subscription = new Subscription<>(callback, client.callbackExecutor(), subscriptions);
        queue.execute(() -> {
            if (state == LeaseState.LOST) {
                subscription.tell(Runnable::run);
            } else {
                subscriptions.add(subscription);
            }
        });
        return subscription;
    }

    @Override
    public List<TransactionResult> guarded(List<TransactionOp> operations) {
        refuseIfOver();
        return writes.run(operations);
    }

    @Override
    public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
        LeaseState now = state;
        return now == LeaseState.HELD ? writes.runAsync(operations) : CompletableFuture.failedStage(over(now));
    }

    private void refuseIfOver() {
        LeaseState now = state;
        if (now != LeaseState.HELD) {
            throw over(now);
        }
    }

    private LeaseLostException over(LeaseState how) {
        return new LeaseLostException(
                place.path(), how, "the leadership of " + place.path() + " is over; nothing was changed");
    }
}
