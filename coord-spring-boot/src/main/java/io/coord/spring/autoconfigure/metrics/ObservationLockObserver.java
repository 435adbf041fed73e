package io.coord.spring.autoconfigure.metrics;

import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.LockObserver;
import io.coord.spring.lock.ObservedLock;
import io.coord.spring.observation.CoordObservation;
import io.coord.spring.observation.DefaultLockCallConvention;
import io.coord.spring.observation.DefaultLockWaitConvention;
import io.coord.spring.observation.LockCallConvention;
import io.coord.spring.observation.LockWaitConvention;
import io.coord.spring.observation.ObservedLockCall;
import io.coord.spring.observation.ObservedLockWait;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that need a lock as observations, each with its wait as a child, so that a trace shows how long it waited. The parent is what is
 * observed where the call begins: on the thread, or in the subscriber's context.
 *
 * <p>Thread-safe: immutable.
 */
final class ObservationLockObserver implements LockObserver {

    private static final LockCallConvention CALL = new DefaultLockCallConvention();
    private static final LockWaitConvention WAIT = new DefaultLockWaitConvention();

    private final ObservationRegistry registry;
    private final @Nullable LockCallConvention callConvention;
    private final @Nullable LockWaitConvention waitConvention;

    /** @param callConvention null for the registry's own or ours, as {@code waitConvention} */
    ObservationLockObserver(
            ObservationRegistry registry,
            @Nullable LockCallConvention callConvention,
            @Nullable LockWaitConvention waitConvention) {
        this.registry = registry;
        this.callConvention = callConvention;
        this.waitConvention = waitConvention;
    }

    @Override
    public Waiting onWaiting(ObservedLock lock) {
        return registry.isNoop() ? NONE.onWaiting(lock) : begin(lock, null);
    }

    @Override
    public Waiting onWaiting(ObservedLock lock, Function<Object, @Nullable Object> subscriber) {
        return registry.isNoop()
                ? NONE.onWaiting(lock)
                : begin(
                        lock,
                        subscriber.apply(ObservationThreadLocalAccessor.KEY) instanceof Observation parent
                                ? parent
                                : null);
    }

    /** @param parent null for what is observed on this thread */
    private Waiting begin(ObservedLock lock, @Nullable Observation parent) {
        ObservedLockCall call = new ObservedLockCall(lock);
        Observation whole = startedBelow(
                parent, () -> CoordObservation.LOCK_CALL.start(callConvention, CALL, () -> call, registry));
        ObservedLockWait wait = new ObservedLockWait(lock);
        Observation waiting = startedBelow(
                whole.isNoop() ? parent : whole,
                () -> CoordObservation.LOCK_WAIT.start(waitConvention, WAIT, () -> wait, registry));
        return new ObservedWaiting(call, whole, wait, waiting);
    }

    /** In the parent's scope: a tracer's current span goes before the parent that an observation names. */
    private static Observation startedBelow(@Nullable Observation parent, Supplier<Observation> start) {
        return parent == null ? start.get() : parent.scoped(start);
    }

    private record ObservedWaiting(
            ObservedLockCall call, Observation whole, ObservedLockWait waited, Observation waiting) implements Waiting {

        @Override
        public Held onAcquired(Lease lease) {
            waited.outcome(ObservedLockWait.Outcome.ACQUIRED);
            waiting.stop();
            call.held(lease.fencingToken());
            return new ObservedHolding(call, whole);
        }

        @Override
        public void onTimeout() {
            end(ObservedLockWait.Outcome.TIMEOUT, null);
        }

        @Override
        public void onError(Throwable failure) {
            if (failure instanceof CancellationException) {
                end(ObservedLockWait.Outcome.CANCELLED, null);
            } else {
                end(ObservedLockWait.Outcome.ERROR, failure);
            }
        }

        private void end(ObservedLockWait.Outcome outcome, @Nullable Throwable failure) {
            waited.outcome(outcome);
            call.outcome(ObservedLockCall.Outcome.NOT_LOCKED);
            if (failure != null) {
                waiting.error(failure);
                whole.error(failure);
            }
            waiting.stop();
            whole.stop();
        }
    }

    private record ObservedHolding(ObservedLockCall call, Observation whole) implements Held {

        private static final Observation.Event LOST = Observation.Event.of("lost", "lock lost");

        @Override
        public Scope open() {
            return whole.isNoop() ? Scope.NONE : whole.openScope()::close;
        }

        @Override
        public Map<Object, Object> subscriberContext() {
            return whole.isNoop() ? Map.of() : Map.of(ObservationThreadLocalAccessor.KEY, whole);
        }

        @Override
        public void onLost() {
            call.outcome(ObservedLockCall.Outcome.LOST);
            whole.event(LOST);
        }

        @Override
        public void onReleased(@Nullable Throwable failure) {
            if (call.outcome() == ObservedLockCall.Outcome.UNKNOWN) {
                call.outcome(ObservedLockCall.Outcome.COMPLETED);
            }
            if (failure != null) {
                whole.error(failure);
            }
            whole.stop();
        }
    }
}
