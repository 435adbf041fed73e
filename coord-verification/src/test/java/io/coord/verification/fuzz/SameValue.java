package io.coord.verification.fuzz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Equality of records by their content, that of arrays included. */
final class SameValue {
    private static final ClassValue<MethodHandle[]> ACCESSORS = new ClassValue<>() {
        @Override
        protected MethodHandle[] computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(SameValue::accessor)
                    .toArray(MethodHandle[]::new);
        }
    };

    private SameValue() {}

    static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one instanceof byte[] bytes && other instanceof byte[] otherBytes) {
            return Arrays.equals(bytes, otherBytes);
        }
        if (one instanceof List<?> list && other instanceof List<?> otherList) {
            return areSame(list, otherList);
        }
        if (one instanceof Record && other != null && one.getClass() == other.getClass()) {
            for (MethodHandle accessor : ACCESSORS.get(one.getClass())) {
                if (!isSame(read(accessor, one), read(accessor, other))) {
                    return false;
                }
            }
            return true;
        }
        return Objects.equals(one, other);
    }

    private static boolean areSame(List<?> list, List<?> otherList) {
        if (list.size() != otherList.size()) {
            return false;
        }
        Iterator<?> others = otherList.iterator();
        for (Object each : list) {
            if (!isSame(each, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            return MethodHandles.publicLookup().unreflect(component.getAccessor());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object read(MethodHandle accessor, Object from) {
        try {
            return accessor.invoke(from);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
