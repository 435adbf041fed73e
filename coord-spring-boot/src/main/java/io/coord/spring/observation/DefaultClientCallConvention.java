package io.coord.spring.observation;

import io.coord.spring.observation.CoordObservation.HighKey;
import io.coord.spring.observation.CoordObservation.LowKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/** {@link CoordObservation#CLIENT_CALL} with all of its keys. */
public class DefaultClientCallConvention implements ClientCallConvention {

    @Override
    public String getName() {
        return CoordObservation.CLIENT_CALL.technicalName();
    }

    @Override
    public String getContextualName(ObservedClientCall call) {
        return "coord " + call.operation();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ObservedClientCall call) {
        return KeyValues.of(
                LowKey.OPERATION.withValue(call.operation()),
                LowKey.OUTCOME.withValue(call.completed()
                        .map(request -> DefaultLockCallConvention.lower(request.outcome()))
                        .orElse("unknown")));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ObservedClientCall call) {
        return KeyValues.of(
                HighKey.CLIENT_PATH.withValue(DefaultLockCallConvention.text(call.path())),
                HighKey.CLIENT_ERROR.withValue(call.completed()
                        .filter(request -> request.errorCode() != 0)
                        .map(request -> Integer.toString(request.errorCode()))
                        .orElse(KeyValue.NONE_VALUE)));
    }
}
