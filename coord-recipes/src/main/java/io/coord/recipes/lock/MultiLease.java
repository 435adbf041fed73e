package io.coord.recipes.lock;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.error.CoordException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.Registration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Several locks that are held together. Thread-safe: each lease is. */
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
        int others = leases.size() - 1;
        List<TransactionOp> all = new ArrayList<>(others + operations.length);
        for (Lease lease : leases.subList(1, leases.size())) {
            lease.refuseIfOver();
            all.add(lease.writes().check());
        }
        all.addAll(Arrays.asList(operations));
        try {
            List<TransactionResult> results = leases.get(0).guarded(all);
            return results.subList(others, results.size());
        } catch (TransactionFailedException e) {
            throw e.failedIndex() < others
                    ? leases.get(e.failedIndex() + 1).writes().whyCheckFailed(e)
                    : new TransactionFailedException(e.failedIndex() - others, e.failure());
        }
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
