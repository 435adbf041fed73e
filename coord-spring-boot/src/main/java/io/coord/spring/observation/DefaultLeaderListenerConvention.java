package io.coord.spring.observation;

import io.coord.spring.observation.CoordObservation.HighKey;
import io.coord.spring.observation.CoordObservation.LowKey;
import io.micrometer.common.KeyValues;

/** {@link CoordObservation#LEADER_LISTENER} with all of its keys. */
public class DefaultLeaderListenerConvention implements LeaderListenerConvention {

    @Override
    public String getName() {
        return CoordObservation.LEADER_LISTENER.technicalName();
    }

    @Override
    public String getContextualName(ObservedLeaderListener listener) {
        return listener.call().role() + (listener.call().granted() ? " granted" : " revoked");
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ObservedLeaderListener listener) {
        return KeyValues.of(
                LowKey.ROLE.withValue(listener.call().role()),
                LowKey.CHANGE.withValue(listener.call().granted() ? "granted" : "revoked"));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ObservedLeaderListener listener) {
        return KeyValues.of(
                HighKey.METHOD.withValue(listener.call().method()),
                HighKey.GENERATION.withValue(
                        Long.toString(listener.call().leadership().generation())),
                HighKey.FENCING_TOKEN.withValue(
                        Long.toString(listener.call().leadership().fencingToken())));
    }
}
