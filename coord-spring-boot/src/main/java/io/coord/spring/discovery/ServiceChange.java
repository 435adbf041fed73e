package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceInstance;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to an instance of a service.
 *
 * @param instance as it is now; as it was last when it is gone
 * @param previous as it was before; null when it is new
 */
public record ServiceChange(
        Type type, ServiceInstance<?> instance, @Nullable ServiceInstance<?> previous) {

    /** The kinds of change. */
    public enum Type {
        /** It has registered, or was there when the application began to look. */
        ADDED,
        /** It has registered again, or tells something else about itself. */
        UPDATED,
        /** It is gone. */
        REMOVED
    }
}
