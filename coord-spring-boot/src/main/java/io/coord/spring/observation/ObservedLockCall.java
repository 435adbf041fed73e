package io.coord.spring.observation;

import io.coord.spring.lock.ObservedLock;
import io.micrometer.observation.Observation;
import java.util.OptionalLong;

/** A call that needs a lock, as it is observed. Thread-safe: volatile fields. */
public final class ObservedLockCall extends Observation.Context {

    /** How the call ended. */
    public enum Outcome {
        /** Not yet. */
        UNKNOWN,
        /** It ran under the lock; whether it threw is the observation's error. */
        COMPLETED,
        /** It ran, and the lock was lost meanwhile. */
        LOST,
        /** It did not run, because it did not get the lock. */
        NOT_LOCKED
    }

    private final ObservedLock lock;
    private volatile long fencingToken;
    private volatile Outcome outcome = Outcome.UNKNOWN;

    public ObservedLockCall(ObservedLock lock) {
        this.lock = lock;
    }

    public ObservedLock lock() {
        return lock;
    }

    /** Empty before the lock is held. */
    public OptionalLong fencingToken() {
        long token = fencingToken;
        return token == 0 ? OptionalLong.empty() : OptionalLong.of(token);
    }

    /** The lock is held. */
    public void held(long token) {
        fencingToken = token;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The call has ended, or the lock is lost. */
    public void outcome(Outcome how) {
        outcome = how;
    }
}
