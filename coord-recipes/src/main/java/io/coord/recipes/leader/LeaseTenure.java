package io.coord.recipes.leader;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.session.Registration;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A selector's time of being the leader: its lock's lease. */
record LeaseTenure(Lease lease) implements Tenure {
    @Override
    public LeaseState state() {
        return lease.state();
    }

    @Override
    public Registration onLost(Runnable callback) {
        return lease.onLost(lost -> callback.run());
    }

    @Override
    public List<TransactionResult> guarded(List<TransactionOp> operations) {
        return lease.guarded(operations);
    }

    @Override
    public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
        return lease.guardedAsync(operations);
    }
}
