package io.coord.recipes.leader;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.session.Registration;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.recipes.lock.LeaseState;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One time of being the leader. It can end at any moment, because the session can end without the leader noticing.
 * {@link #state()} and {@link #onLost} tell early; only {@link #guarded(TransactionOp...)} and the fencing token are strict.
 *
 * <p>Thread-safe: what can change is read from where it is owned.
 *
 * <pre>{@code
 * LeaderSelector selector = new LeaderSelector(client, "/leader", "shop-3", leadership -> {
 *     leadership.onLost(lost -> stopWork());
 *     leadership.guarded(client.transactionOp().setData().forPath("/plan", bytes));
 *     use(leadership.generation(), leadership.fencingToken());
 * });
 * }</pre>
 */
public final class Leadership {
    private final long generation;
    private final long fencingToken;
    private final String path;
    private final Tenure tenure;

    Leadership(long generation, long fencingToken, String path, Tenure tenure) {
        this.generation = generation;
        this.fencingToken = fencingToken;
        this.path = path;
        this.tenure = tenure;
    }

    /**
     * Counts the times that one latch or selector became the leader, from 1; a callback that carries an older generation
     * than one seen before is out of date.
     */
    public long generation() {
        return generation;
    }

    /**
     * The zxid at which the leader's znode was created. It grows from leader to leader of one path, so a resource that
     * remembers the greatest can refuse earlier leaders. The order holds within one ensemble and its data, not across a
     * restore from a backup.
     */
    public long fencingToken() {
        return fencingToken;
    }

    /** The leader's znode. */
    public String path() {
        return path;
    }

    /**
     * What is known right now, without asking a server: HELD while it is certainly the leader, SUSPECT when it may not be,
     * LOST or RELEASED when this time of being the leader is over. A latch that leads again after a pause does so in a new
     * generation.
     */
    public LeaseState state() {
        return tenure.state();
    }

    /**
     * Returns if it certainly is the leader at this moment, as far as this side can know.
     *
     * @throws LeaseLostException when the leadership is over or suspect
     */
    public void ensureHeld() {
        LeaseState now = state();
        if (now != LeaseState.HELD) {
            throw new LeaseLostException(
                    path,
                    now,
                    "the leadership of " + path + " is "
                            + (now == LeaseState.SUSPECT ? "not certain: the servers are silent" : "over"));
        }
    }

    /**
     * Tells once, on a callback thread of the client, when the leadership ends without having been given up; at once when
     * that has happened already.
     *
     * @return closing it withdraws the callback
     */
    public Registration onLost(Consumer<? super Leadership> callback) {
        return tenure.onLost(() -> callback.accept(this));
    }

    /**
     * Runs the operations as one transaction that takes effect only while the leader's znode is there, so the servers
     * themselves refuse it once there can be another leader, however late this side notices.
     *
     * @param operations made by {@link io.coord.client.CoordClient#transactionOp()}
     * @return one result for each operation
     * @throws LeaseLostException when the leadership is over; nothing was changed
     * @throws io.coord.client.error.TransactionFailedException when one of the operations failed, with its position among
     *     those given; nothing was changed
     * @throws io.coord.client.error.CoordException otherwise; when it is an
     *     {@link io.coord.client.error.OutcomeUnknown} all may have happened
     */
    public List<TransactionResult> guarded(TransactionOp... operations) {
        return tenure.guarded(Arrays.asList(operations));
    }

    /** As {@link #guarded(TransactionOp...)}. */
    public List<TransactionResult> guarded(List<TransactionOp> operations) {
        return tenure.guarded(operations);
    }

    /** As {@link #guarded(TransactionOp...)}, without waiting; the stage completes on a callback thread of the client. */
    public CompletionStage<List<TransactionResult>> guardedAsync(TransactionOp... operations) {
        return tenure.guardedAsync(Arrays.asList(operations));
    }

    /** As {@link #guardedAsync(TransactionOp...)}. */
    public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
        return tenure.guardedAsync(operations);
    }

    @Override
    public String toString() {
        return "Leadership[" + path + ", generation " + generation + ", token " + fencingToken + ", " + state() + "]";
    }
}
