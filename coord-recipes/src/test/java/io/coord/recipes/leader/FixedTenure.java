package io.coord.recipes.leader;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.session.Registration;
import io.coord.recipes.lock.LeaseState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A leadership that lasts and writes nothing, for cores without servers. */
record FixedTenure(LeaseState state) implements Tenure {
    @Override
    public Registration onLost(Runnable callback) {
        return () -> {};
    }

    @Override
    public List<TransactionResult> guarded(List<TransactionOp> operations) {
        return List.of();
    }

    @Override
    public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
        return CompletableFuture.completedStage(List.of());
    }
}
