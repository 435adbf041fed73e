package io.coord.spring.autoconfigure.metrics;

import io.coord.spring.leader.RoleCall;
import io.coord.spring.leader.RoleObserver;
import io.coord.spring.observation.CoordObservation;
import io.coord.spring.observation.DefaultLeaderListenerConvention;
import io.coord.spring.observation.LeaderListenerConvention;
import io.coord.spring.observation.ObservedLeaderListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/** Calls of methods that are told of roles as observations. Thread-safe: immutable. */
final class ObservationRoleObserver implements RoleObserver {

    private static final LeaderListenerConvention DEFAULT = new DefaultLeaderListenerConvention();

    private final ObservationRegistry registry;
    private final @Nullable LeaderListenerConvention convention;

    /** @param convention null for the registry's own or ours */
    ObservationRoleObserver(ObservationRegistry registry, @Nullable LeaderListenerConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public Running onCall(RoleCall call) {
        Observation observation = CoordObservation.LEADER_LISTENER.start(
                convention, DEFAULT, () -> new ObservedLeaderListener(call), registry);
        Observation.Scope scope = observation.openScope();
        return failure -> {
            scope.close();
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        };
    }
}
