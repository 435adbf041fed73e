package io.coord.verification.simulation.invariant;

import java.util.IdentityHashMap;
import java.util.List;

/** G1: with the zxid as the order, it is enough that a write comes behind all that were acknowledged before it began. */
final class WritesAreLinearizable extends Invariant {
    private final History history;
    private final IdentityHashMap<Operation, Long> floors = new IdentityHashMap<>();
    private long acknowledged;

    WritesAreLinearizable(History history) {
        super("writes have one order, and one that began after another was acknowledged stands behind it");
        this.history = history;
    }

    @Override
    protected void onInvoked(Operation operation) {
        if (operation.once) {
            floors.put(operation, acknowledged);
        }
    }

    @Override
    protected void onCompleted(Operation operation) {
        Long floor = floors.remove(operation);
        List<History.Write> applied = history.writesOf(operation.request);
        if (floor == null || applied.isEmpty() || operation.outcome != Operation.Outcome.OK) {
            return;
        }
        long zxid = applied.get(0).zxid();
        require(zxid > floor, "%s has zxid 0x%x, 0x%x was acknowledged before it began", operation, zxid, floor);
        acknowledged = Math.max(acknowledged, zxid);
    }
}
