package io.coord.spring.config;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * One section as the environment sees it. It stays where it is in the environment; what it shows changes with the import that it belongs to.
 *
 * <p>Thread-safe: each call looks at one immutable map.
 */
final class SectionPropertySource extends EnumerablePropertySource<Supplier<Map<String, OriginTrackedValue>>>
        implements OriginLookup<String> {

    SectionPropertySource(String name, Supplier<Map<String, OriginTrackedValue>> values) {
        super(name, values);
    }

    @Override
    public String[] getPropertyNames() {
        return getSource().get().keySet().toArray(String[]::new);
    }

    @Override
    public boolean containsProperty(String name) {
        return getSource().get().containsKey(name);
    }

    @Override
    public @Nullable Object getProperty(String name) {
        OriginTrackedValue value = getSource().get().get(name);
        return value == null ? null : value.getValue();
    }

    @Override
    public @Nullable Origin getOrigin(String key) {
        OriginTrackedValue value = getSource().get().get(key);
        return value == null ? null : value.getOrigin();
    }
}
