package io.coord.spring.observation;

import io.coord.spring.observation.CoordObservation.HighKey;
import io.coord.spring.observation.CoordObservation.LowKey;
import io.micrometer.common.KeyValues;

/** {@link CoordObservation#LOCK_WAIT} with all of its keys. */
public class DefaultLockWaitConvention implements LockWaitConvention {

    @Override
    public String getName() {
        return CoordObservation.LOCK_WAIT.technicalName();
    }

    @Override
    public String getContextualName(ObservedLockWait wait) {
        return "wait for lock " + wait.lock().name();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ObservedLockWait wait) {
        return KeyValues.of(
                LowKey.LOCK.withValue(wait.lock().name()),
                LowKey.MODE.withValue(
                        DefaultLockCallConvention.lower(wait.lock().mode())),
                LowKey.OUTCOME.withValue(DefaultLockCallConvention.lower(wait.outcome())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ObservedLockWait wait) {
        return KeyValues.of(
                HighKey.LOCK_KEY.withValue(
                        DefaultLockCallConvention.text(wait.lock().key())),
                HighKey.LOCK_PATH.withValue(wait.lock().path()));
    }
}
