package io.coord.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** What the observation of a wait for a lock is called and carries. A bean of this type replaces {@link DefaultLockWaitConvention}, which is made to be extended. */
public interface LockWaitConvention extends ObservationConvention<ObservedLockWait> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ObservedLockWait;
    }
}
