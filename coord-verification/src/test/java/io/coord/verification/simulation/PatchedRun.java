package io.coord.verification.simulation;

import io.coord.verification.simulation.invariant.InvariantViolation;
import java.util.function.LongFunction;

/** One seed in a world of its own classes; only types of the JDK go in and out. Used by reflection. */
public final class PatchedRun implements LongFunction<String> {
    /** The name of the invariant that was broken; empty when all held. */
    @Override
    public String apply(long seed) {
        return nameOf(new SimulatedCluster(seed, Mutation.NONE).run());
    }

    static String nameOf(SimulatedCluster.Result result) {
        Throwable failure = result.failure();
        if (failure == null) {
            return "";
        }
        return failure instanceof InvariantViolation broken ? broken.invariant() : failure.toString();
    }
}
