package io.coord.recipes.leader;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.session.Registration;
import io.coord.recipes.lock.LeaseState;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What a leadership rests on: the znode of a latch, or the lease of a selector's lock. Thread-safe. */
interface Tenure {
    LeaseState state();

    Registration onLost(Runnable callback);

    List<TransactionResult> guarded(List<TransactionOp> operations);

    CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations);
}
