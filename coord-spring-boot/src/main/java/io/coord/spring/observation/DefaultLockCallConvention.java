package io.coord.spring.observation;

import io.coord.spring.observation.CoordObservation.HighKey;
import io.coord.spring.observation.CoordObservation.LowKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@link CoordObservation#LOCK_CALL} with all of its keys. */
public class DefaultLockCallConvention implements LockCallConvention {

    @Override
    public String getName() {
        return CoordObservation.LOCK_CALL.technicalName();
    }

    @Override
    public String getContextualName(ObservedLockCall call) {
        return "lock " + call.lock().name();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ObservedLockCall call) {
        return KeyValues.of(
                LowKey.LOCK.withValue(call.lock().name()),
                LowKey.MODE.withValue(lower(call.lock().mode())),
                LowKey.OUTCOME.withValue(lower(call.outcome())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ObservedLockCall call) {
        return KeyValues.of(
                HighKey.LOCK_KEY.withValue(text(call.lock().key())),
                HighKey.LOCK_PATH.withValue(call.lock().path()),
                HighKey.LOCK_USER.withValue(call.lock().user()),
                HighKey.FENCING_TOKEN.withValue(
                        call.fencingToken().isPresent()
                                ? Long.toString(call.fencingToken().getAsLong())
                                : KeyValue.NONE_VALUE));
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static String text(@Nullable String key) {
        return key == null ? KeyValue.NONE_VALUE : key;
    }
}
