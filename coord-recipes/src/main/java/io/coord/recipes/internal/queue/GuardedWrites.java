package io.coord.recipes.internal.queue;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.TransactionFailedException;
import io.coord.recipes.internal.call.Callers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Transactions that take effect only while a place is held: their first operation checks its znode. Thread-safe: it has no
 * state.
 */
public final class GuardedWrites {
    private final CoordClient client;
    private final String path;
    private final Supplier<? extends RuntimeException> lost;

    /**
     * @param path of the znode
     * @param lost what to throw when the servers say that it is gone
     */
    public GuardedWrites(CoordClient client, String path, Supplier<? extends RuntimeException> lost) {
        this.client = client;
        this.path = path;
        this.lost = lost;
    }

    /** Fails while the place is not held. */
    public TransactionOp check() {
        return client.transactionOp().check().forPath(path);
    }

    /** @return one result for each operation */
    public List<TransactionResult> run(List<TransactionOp> operations) {
        try {
            return withoutCheck(client.transaction().forOperations(withCheck(operations)));
        } catch (TransactionFailedException e) {
            throw explain(e);
        }
    }

    /** As {@link #run}, without waiting. */
    public CompletionStage<List<TransactionResult>> runAsync(List<TransactionOp> operations) {
        return client.transaction().forOperationsAsync(withCheck(operations)).handle((results, failure) -> {
            if (failure == null) {
                return withoutCheck(results);
            }
            RuntimeException cause = Callers.asUnchecked(failure);
            throw cause instanceof TransactionFailedException refused ? explain(refused) : cause;
        });
    }

    private List<TransactionOp> withCheck(List<TransactionOp> operations) {
        List<TransactionOp> all = new ArrayList<>(operations.size() + 1);
        all.add(check());
        all.addAll(operations);
        return all;
    }

    private static List<TransactionResult> withoutCheck(List<TransactionResult> results) {
        return results.subList(1, results.size());
    }

    private RuntimeException explain(TransactionFailedException e) {
        return e.failedIndex() > 0
                ? new TransactionFailedException(e.failedIndex() - 1, e.failure())
                : whyCheckFailed(e);
    }

    /** What to throw when a transaction failed at {@link #check()}. */
    public RuntimeException whyCheckFailed(TransactionFailedException e) {
        if (!(e.failure() instanceof NoNodeException)) {
            return e.failure();
        }
        RuntimeException gone = lost.get();
        gone.initCause(e);
        return gone;
    }
}
