package io.coord.recipes.lock;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.error.CoordException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.Registration;
import io.coord.recipes.internal.call.Callers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Several locks that are held together. Thread-safe: each lease is.
 *
 * <pre>{@code
 * MultiLock accounts = MultiLock.ofMutexes(client, List.of("/locks/from", "/locks/to"));
 * try (MultiLease leases = accounts.acquire()) {
 *     // Refused by the servers unless all of the locks are held.
 *     leases.guarded(
 *             client.transactionOp().setData().forPath("/accounts/from", bytes),
 *             client.transactionOp().setData().forPath("/accounts/to", bytes));
 * }
 * }</pre>
 */
public final class MultiLease implements AutoCloseable {
    private final List<Lease> leases;

    /** @param leases in the order in which they were acquired */
    MultiLease(List<Lease> leases) {
        this.leases = List.copyOf(leases);
    }

    /** One for each lock, in the order of the locks. */
    public List<Lease> leases() {
        return leases;
    }

    /** The worst of all: LOST before RELEASED before SUSPECT before HELD. */
    public LeaseState state() {
        LeaseState worst = LeaseState.HELD;
        for (Lease lease : leases) {
            LeaseState state = lease.state();
            if (severity(state) > severity(worst)) {
                worst = state;
            }
        }
        return worst;
    }

    private static int severity(LeaseState state) {
        return switch (state) {
            case HELD -> 0;
            case SUSPECT -> 1;
            case RELEASED -> 2;
            case LOST -> 3;
        };
    }

    /** As {@link Lease#ensureHeld()} of each. */
    public void ensureHeld() {
        leases.forEach(Lease::ensureHeld);
    }

    /**
     * Tells once when the first of the locks is lost, as {@link Lease#onLost} does.
     *
     * @return closing it withdraws the callback
     */
    public Registration onLost(Consumer<? super Lease> callback) {
        AtomicBoolean told = new AtomicBoolean();
        List<Registration> registrations = new ArrayList<>(leases.size());
        for (Lease lease : leases) {
            registrations.add(lease.onLost(lost -> {
                if (told.compareAndSet(false, true)) {
                    callback.accept(lost);
                }
            }));
        }
        return () -> registrations.forEach(Registration::close);
    }

    /**
     * Runs the operations as one transaction that takes effect only while all the locks are held. They must be in the same
     * ensemble.
     *
     * @return one result for each operation
     * @throws LeaseLostException when one of the locks is lost or released; nothing was changed
     * @throws TransactionFailedException as {@link Lease#guarded(TransactionOp...)}
     * @throws CoordException likewise
     */
    public List<TransactionResult> guarded(TransactionOp... operations) {
        return guarded(Arrays.asList(operations));
    }

    /** As {@link #guarded(TransactionOp...)}. */
    public List<TransactionResult> guarded(List<TransactionOp> operations) {
        try {
            return withoutChecks(leases.get(0).guarded(withChecks(operations)));
        } catch (TransactionFailedException e) {
            throw explain(e);
        }
    }

    /** As {@link #guarded(TransactionOp...)}, without waiting; the stage completes on a callback thread of the client. */
    public CompletionStage<List<TransactionResult>> guardedAsync(TransactionOp... operations) {
        return guardedAsync(Arrays.asList(operations));
    }

    /** As {@link #guardedAsync(TransactionOp...)}. */
    public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
        List<TransactionOp> all;
        try {
            all = withChecks(operations);
        } catch (LeaseLostException e) {
            return CompletableFuture.failedStage(e);
        }
        return leases.get(0).guardedAsync(all).handle((results, failure) -> {
            if (failure == null) {
                return withoutChecks(results);
            }
            RuntimeException cause = Callers.asUnchecked(failure);
            throw cause instanceof TransactionFailedException refused ? explain(refused) : cause;
        });
    }

    /** The first lease adds its own check. */
    private List<TransactionOp> withChecks(List<TransactionOp> operations) {
        List<TransactionOp> all = new ArrayList<>(others() + operations.size());
        for (Lease lease : leases.subList(1, leases.size())) {
            lease.refuseIfOver();
            all.add(lease.writes().check());
        }
        all.addAll(operations);
        return all;
    }

    private List<TransactionResult> withoutChecks(List<TransactionResult> results) {
        return results.subList(others(), results.size());
    }

    private RuntimeException explain(TransactionFailedException e) {
        return e.failedIndex() < others()
                ? leases.get(e.failedIndex() + 1).writes().whyCheckFailed(e)
                : new TransactionFailedException(e.failedIndex() - others(), e.failure());
    }

    private int others() {
        return leases.size() - 1;
    }

    /** Releases all, the last acquired first, each as {@link Lease#release()} does. */
    public void release() {
        for (int i = leases.size() - 1; i >= 0; i--) {
            leases.get(i).release();
        }
    }

    /** The same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }

    /** Releases all without waiting, the last acquired first. Completes as {@link Lease#releaseAsync()} of all. */
    public CompletionStage<Void> releaseAsync() {
        List<CompletableFuture<Void>> gone = new ArrayList<>(leases.size());
        for (int i = leases.size() - 1; i >= 0; i--) {
            gone.add(leases.get(i).releaseAsync().toCompletableFuture());
        }
        return CompletableFuture.allOf(gone.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public String toString() {
        return "MultiLease" + leases;
    }
}
