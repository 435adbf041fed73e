package io.coord.verification.ensemble.faults;

import io.coord.client.error.CoordException;
import io.coord.client.error.OutcomeUnknown;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** How many operations of one kind of work were answered, failed without an effect, or are of unknown fate. Thread-safe. */
final class Tally {
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unknown = new LongAdder();

    /** What became of one call. */
    record Outcome<T>(Optional<T> answer, Optional<CoordException> failure) {
        boolean isUnknown() {
            return failure.isPresent() && failure.get() instanceof OutcomeUnknown;
        }
    }

    <T> Outcome<T> call(Supplier<T> operation) {
        try {
            T answer = operation.get();
            done.increment();
            return new Outcome<>(Optional.of(answer), Optional.empty());
        } catch (CoordException e) {
            (e instanceof OutcomeUnknown ? unknown : failed).increment();
            return new Outcome<>(Optional.empty(), Optional.of(e));
        }
    }

    long done() {
        return done.sum();
    }

    @Override
    public String toString() {
        return done.sum() + " done, " + failed.sum() + " without effect, " + unknown.sum() + " unknown";
    }
}
