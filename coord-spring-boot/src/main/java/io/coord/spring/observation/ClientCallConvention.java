package io.coord.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** What the observation of a request of the client is called and carries. A bean of this type replaces {@link DefaultClientCallConvention}, which is made to be extended. */
public interface ClientCallConvention extends ObservationConvention<ObservedClientCall> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ObservedClientCall;
    }
}
