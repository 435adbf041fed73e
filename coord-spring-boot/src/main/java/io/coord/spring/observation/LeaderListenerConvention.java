package io.coord.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** What the observation of a method that is told of a role is called and carries. A bean of this type replaces {@link DefaultLeaderListenerConvention}, which is made to be extended. */
public interface LeaderListenerConvention extends ObservationConvention<ObservedLeaderListener> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ObservedLeaderListener;
    }
}
