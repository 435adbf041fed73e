package io.coord.verification.simulation.invariant;

/** Reported by the simulated world, which knows the deadlines and when a client's process was running. */
final class CallsEnd extends Invariant {
    CallsEnd() {
        super("every call of a client has its outcome by its deadline, and work goes on when the faults are over");
    }

    @Override
    protected void onCompleted(Operation operation) {
        require(operation.outcome != Operation.Outcome.PENDING, "%s", operation);
    }
}
