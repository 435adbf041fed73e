package io.coord.spring.observation;

import io.coord.spring.leader.RoleCall;
import io.micrometer.observation.Observation;

/** A method that is told of a role, as it is observed. Thread-safe: immutable but for what Micrometer keeps. */
public final class ObservedLeaderListener extends Observation.Context {

    private final RoleCall call;

    public ObservedLeaderListener(RoleCall call) {
        this.call = call;
    }

    public RoleCall call() {
        return call;
    }
}
