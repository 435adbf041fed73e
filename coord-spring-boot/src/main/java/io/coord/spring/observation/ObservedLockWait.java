package io.coord.spring.observation;

import io.coord.spring.lock.ObservedLock;
import io.micrometer.observation.Observation;

/** A wait for a lock, as it is observed. Thread-safe: a volatile field. */
public final class ObservedLockWait extends Observation.Context {

    /** How the wait ended. */
    public enum Outcome {
        /** Not yet. */
        UNKNOWN,
        /** With the lock. */
        ACQUIRED,
        /** Others held it for longer than the call waits. */
        TIMEOUT,
        /** The servers could not be reached, or refused, or the thread was interrupted. */
        ERROR,
        /** The subscriber of a publisher does not want it any more. */
        CANCELLED
    }

    private final ObservedLock lock;
    private volatile Outcome outcome = Outcome.UNKNOWN;

    public ObservedLockWait(ObservedLock lock) {
        this.lock = lock;
    }

    public ObservedLock lock() {
        return lock;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The wait has ended. */
    public void outcome(Outcome how) {
        outcome = how;
    }
}
