package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionLease;
import io.coord.client.session.SessionState;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.queue.GuardedWrites;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is held: who has the lease has the lock, whatever thread it is. It can be lost at any moment, because the
 * session can end without the holder noticing. {@link #state()} and {@link #onLost} tell early; only
 * {@link #guarded(TransactionOp...)} and the fencing token are strict.
 *
 * <p>Thread-safe: what can change belongs to the lock's serial queue, and one volatile field shows it.
 *
 * <pre>{@code
 * try (Lease lease = new Mutex(client, "/locks/ledger").acquire()) {
 *     lease.onLost(lost -> stopWork());
 *     // The servers refuse it once the lock is lost, whatever this process believes.
 *     lease.guarded(client.transactionOp().setData().forPath("/ledger", bytes));
 *     // For anything but znodes: hand the token on, and refuse smaller ones there.
 *     use("update ledger set … where token <= ?", lease.fencingToken());
 * }
 * }</pre>
 */
public final class Lease implements AutoCloseable {
    private final CoordClient client;
    private final SerialExecutor queue;
    private final LeaseKeeper keeper;
    private final Hold hold;
    private final SessionLease session;
    private final GuardedWrites writes;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile boolean released;

    private final List<Callback> onLost = new ArrayList<>();
    private final List<Callback> onReleaseRequested = new ArrayList<>();
    private @Nullable SerialExecutor callbackQueue;

    Lease(CoordClient client, SerialExecutor queue, LeaseKeeper keeper, Hold hold) {
        this.client = client;
        this.queue = queue;
        this.keeper = keeper;
        this.hold = hold;
        this.session = client.lease();
        this.writes = new GuardedWrites(client, hold.place.path(), this::gone);
    }

    /** The whole path of the lock's own znode. */
    public String path() {
        return hold.place.path();
    }

    /**
     * A number that grows from holder to holder of one lock: the zxid at which the lock's znode was created. A resource that
     * remembers the greatest number it has seen can refuse the writes of an earlier holder. The order holds within one
     * ensemble and its data, not across a restore from a backup.
     */
    public long fencingToken() {
        return hold.place.czxid();
    }

    /**
     * What is known right now, without asking a server. A broken connection makes it SUSPECT at once, or, where the client's
     * {@code connectionStateErrorPolicy} tolerates that, when the session may have ended.
     */
    public LeaseState state() {
        if (released) {
            return LeaseState.RELEASED;
        }
        LeaseState state = hold.state();
        boolean certain = session.sessionId() == hold.place.session() && session.isAlive();
        if (state == LeaseState.HELD) {
            return certain ? LeaseState.HELD : LeaseState.SUSPECT;
        }
        boolean toleratesBreaks = !client.connectionStateErrorPolicy().isErrorState(SessionState.SUSPENDED);
        return state == LeaseState.SUSPECT && certain && toleratesBreaks ? LeaseState.HELD : state;
    }

    /**
     * Returns if the lock is certainly held at this moment, as far as this side can know.
     *
     * @throws LeaseLostException when it is lost, released or suspect
     */
    public void ensureHeld() {
        LeaseState now = state();
        if (now != LeaseState.HELD) {
            throw new LeaseLostException(
                    path(),
                    now,
                    now == LeaseState.SUSPECT
                            ? "it is not known whether " + path() + " is still held: the servers are silent"
                            : path() + " is " + (now == LeaseState.LOST ? "lost" : "released"));
        }
    }

    /**
     * Tells once when the lock is lost, on a callback thread of the client; at once when it is lost already, never after it
     * was released. From the first registration on a deletion of the znode by somebody else is noticed at once, too.
     *
     * @return closing it withdraws the callback
     */
    public Registration onLost(Consumer<? super Lease> callback) {
        Callback registered = new Callback(callback);
        queue.execute(() -> {
            if (hold.state() == LeaseState.LOST && !released) {
                call(registered);
            } else if (!released) {
                onLost.add(registered);
                hold.contender.watchOwnNode();
            }
        });
        return registered;
    }

    /**
     * Tells once, on a callback thread of the client, when somebody asks for the lock: through
     * {@link LockQueue#requestRelease} or Curator's {@code Revoker}. At once when that has happened already, never after the
     * lease was released. It is up to the holder what to do about it.
     *
     * @return closing it withdraws the callback
     */
    public Registration onReleaseRequested(Consumer<? super Lease> callback) {
        Callback registered = new Callback(callback);
        queue.execute(() -> {
            if (released || !hold.isUsable()) {
                return;
            }
            if (hold.releaseRequested) {
                call(registered);
            } else {
                onReleaseRequested.add(registered);
                hold.contender.watchOwnNode();
            }
        });
        return registered;
    }

    /**
     * Runs the operations as one transaction that takes effect only while the lock is held: its first operation checks the
     * lock's znode, so the servers themselves refuse it once the lock is lost, however late this side notices.
     *
     * @param operations made by {@link CoordClient#transactionOp()}
     * @return one result for each operation
     * @throws LeaseLostException when the lock is lost or released; nothing was changed
     * @throws TransactionFailedException when one of the operations failed, with its position among those given; nothing
     *     was changed
     * @throws CoordException otherwise; when it is an {@link io.coord.client.error.OutcomeUnknown} all may have happened
     */
    public List<TransactionResult> guarded(TransactionOp... operations) {
        return guarded(Arrays.asList(operations));
    }

    /** As {@link #guarded(TransactionOp...)}. */
    public List<TransactionResult> guarded(List<TransactionOp> operations) {
        refuseIfOver();
        return writes.run(operations);
    }

    /** As {@link #guarded(TransactionOp...)}, without waiting; the stage completes on a callback thread of the client. */
    public CompletionStage<List<TransactionResult>> guardedAsync(TransactionOp... operations) {
        return guardedAsync(Arrays.asList(operations));
    }

    /** As {@link #guardedAsync(TransactionOp...)}. */
    public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
        try {
            refuseIfOver();
        } catch (LeaseLostException e) {
            return CompletableFuture.failedStage(e);
        }
        return writes.runAsync(operations);
    }

    /** @throws LeaseLostException when it is lost or released */
    void refuseIfOver() {
        LeaseState now = state();
        if (now == LeaseState.LOST || now == LeaseState.RELEASED) {
            ensureHeld();
        }
    }

    /** For transactions that check more places than this one. */
    GuardedWrites writes() {
        return writes;
    }

    private LeaseLostException gone() {
        queue.execute(hold.contender::verify);
        return new LeaseLostException(
                path(), LeaseState.LOST, path() + " is gone, so the lock is lost; nothing was changed");
    }

    /**
     * Gives the lock back and waits until the servers have confirmed it. When they are out of reach it does not wait: the
     * znode is deleted as soon as they are back, or vanishes with the session, and new attempts through the same lock
     * object wait for that. Harmless when it is lost or released already. On threads of the client it does not wait either.
     *
     * <p>Interrupted while waiting it returns at once, with the flag set again; the release goes on.
     */
    public void release() {
        startRelease();
        if (!CoordClient.isClientThread()) {
            try {
                Callers.awaitFact(settled, "release", path());
            } catch (CallInterruptedException e) {
                // The flag is set again, and nothing is left to do here.
            }
        }
    }

    /** The same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }

    /**
     * Gives the lock back without waiting.
     *
     * @return completes when the lock's znode is surely gone, or when other leases of the same thread go on to hold it
     */
    public CompletionStage<Void> releaseAsync() {
        startRelease();
        return CallerStages.told(client, gone);
    }

    private void startRelease() {
        released = true;
        queue.execute(() -> keeper.release(this));
    }

    Hold hold() {
        return hold;
    }

    // ---- on the lock's queue

    /** @param nothingToDo whether the znode is gone already, or stays because other leases need it */
    void released(boolean nothingToDo) {
        released = true;
        onLost.clear();
        onReleaseRequested.clear();
        if (nothingToDo) {
            left();
        }
    }

    void releaseDelayed() {
        settled.complete(null);
    }

    void left() {
        settled.complete(null);
        gone.complete(null);
    }

    void lost() {
        if (!released) {
            onLost.forEach(this::call);
        }
        onLost.clear();
        onReleaseRequested.clear();
    }

    void releaseRequested() {
        if (!released) {
            onReleaseRequested.forEach(this::call);
        }
        onReleaseRequested.clear();
    }

    private void call(Callback callback) {
        SerialExecutor executor = callbackQueue;
        if (executor == null) {
            executor = client.callbackExecutor();
            callbackQueue = executor;
        }
        executor.execute(callback);
    }

    /** Thread-safe: one volatile flag. */
    private final class Callback implements Registration, Runnable {
        private final Consumer<? super Lease> callback;
        private volatile boolean closed;

        Callback(Consumer<? super Lease> callback) {
            this.callback = callback;
        }

        @Override
        public void run() {
            if (!closed) {
                callback.accept(Lease.this);
            }
        }

        @Override
        public void close() {
            closed = true;
            queue.execute(() -> {
                onLost.remove(this);
                onReleaseRequested.remove(this);
            });
        }
    }

    @Override
    public String toString() {
        return "Lease[" + path() + ", " + state() + ", token " + fencingToken() + "]";
    }
}
