package io.coord.spring.watch;

import io.coord.protocol.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a znode.
 *
 * @param path as the client names it
 * @param value what it holds now; null when it was deleted or has no data
 * @param previous what it held before; null when it was created, had no data, or had something else than such values
 * @param stat as it is now; that of before when it was deleted
 * @param <T> what its data means
 */
public record NodeChange<T>(
        Type type, String path, @Nullable T value, @Nullable T previous, Stat stat) {

    /** The kinds of change. */
    public enum Type {
        /** It is there: it was made, or was there when the application began to look. */
        CREATED,
        /** It has other data. */
        CHANGED,
        /** It is gone. One that was made again in between is told as deleted and created. */
        DELETED
    }
}
