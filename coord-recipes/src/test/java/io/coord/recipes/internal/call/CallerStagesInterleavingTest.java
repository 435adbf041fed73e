package io.coord.recipes.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A core that grants and a caller who cancels, in all interleavings that Lincheck finds: what was granted is either the
 * caller's or given back, never both and never neither, or a lock would be held by nobody for ever.
 */
@Timeout(120)
public class CallerStagesInterleavingTest {
    private static void hold(Class<?> race) {
        new ModelCheckingOptions()
                .iterations(1)
                .threads(2)
                .actorsPerThread(1)
                .actorsBefore(0)
                .actorsAfter(0)
                .invocationsPerIteration(2_000)
                .check(race);
    }

    @Test
    void whatIsGrantedIsTheCallersOrGivenBack() {
        hold(Handed.class);
    }

    @Test
    void whatSomebodyTakesNoteOfBeforeIsTheCallersOrGivenBack() {
        hold(Noted.class);
    }

    @Test
    void cancellingTheStageCancelsTheCall() {
        for (Race race : new Race[] {new Handed(), new Noted()}) {
            race.cancel();
            race.grant();

            assertThat(race.call).isCancelled();
            assertThat(race.givenBack).hasValue(0);
        }
    }

    /** One grant, one caller. */
    public abstract static class Race {
        final CompletableFuture<String> call = new CompletableFuture<>();
        final AtomicInteger givenBack = new AtomicInteger();
        final CompletableFuture<String> stage = stage();
        /** Written by the one operation of their name. */
        private boolean granted;

        private boolean cancelled;

        abstract CompletableFuture<String> stage();

        @Operation(runOnce = true)
        public void grant() {
            granted = call.complete("lease");
        }

        @Operation(runOnce = true)
        public void cancel() {
            cancelled = stage.cancel(false);
        }

        @Validate
        public void isTheCallersOrGivenBack() {
            boolean isTheCallers = stage.isDone() && !stage.isCancelled() && "lease".equals(stage.join());
            int found = givenBack.get() + (isTheCallers ? 1 : 0);
            if (found != (granted ? 1 : 0) || stage.isCancelled() != cancelled) {
                throw new IllegalStateException("granted " + granted + ", cancelled " + cancelled + ", the caller's "
                        + isTheCallers + ", given back " + givenBack);
            }
        }
    }

    /** What a core grants goes to the caller on another thread. */
    public static class Handed extends Race {
        @Override
        CompletableFuture<String> stage() {
            return CallerStages.of(Runnable::run, call, lease -> lease, lease -> givenBack.incrementAndGet());
        }
    }

    /** What one recipe grants is noted by another before the caller has it. */
    public static class Noted extends Race {
        @Override
        CompletableFuture<String> stage() {
            return CallerStages.noting(call, lease -> {}, lease -> givenBack.incrementAndGet());
        }
    }
}
