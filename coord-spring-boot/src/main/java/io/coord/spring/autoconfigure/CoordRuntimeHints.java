package io.coord.spring.autoconfigure;

import io.coord.spring.discovery.InstanceDetails;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What a native image must keep: the payload of registrations, which is JSON, and the names of our keys for failure texts. */
final class CoordRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), InstanceDetails.class);
        registerComponents(hints, CoordProperties.class);
        // Values of a map and of a list, which nothing else leads to.
        registerComponents(hints, CoordProperties.Client.class);
        registerComponents(hints, CoordProperties.Auth.class);
    }

    /** The components of a record are there when its accessors are. */
    private static void registerComponents(RuntimeHints hints, Class<?> type) {
        hints.reflection()
                .registerType(
                        type, MemberCategory.INVOKE_DECLARED_METHODS, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord()) {
                registerComponents(hints, component.getType());
            }
        }
    }
}
