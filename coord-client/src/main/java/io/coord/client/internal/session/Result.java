package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import org.jspecify.annotations.Nullable;

/** Where the outcome of an operation goes: a waiting thread or a stage. Completed once, by the network thread. */
public interface Result<T extends @Nullable Object> {
    /**
     * @param value null only where {@code T} admits it
     * @return false when nobody waits any more and the value goes to nobody
     */
    boolean succeed(@Nullable T value);

    void fail(CoordException failure);

    /**
     * Asked right before a write is sent.
     *
     * @return false when nobody waits any more; then nothing is sent
     */
    default boolean beforeWrite() {
        return true;
    }
}
