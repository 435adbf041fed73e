package io.coord.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** What the observation of a call that needs a lock is called and carries. A bean of this type replaces {@link DefaultLockCallConvention}, which is made to be extended. */
public interface LockCallConvention extends ObservationConvention<ObservedLockCall> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ObservedLockCall;
    }
}
