package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import org.jspecify.annotations.Nullable;

/**
 * What runs while a lock is held.
 *
 * @param <T> what it returns
 * @param <E> what it throws
 */
@FunctionalInterface
public interface LockTask<T extends @Nullable Object, E extends Exception> {

    T run(Lease lease) throws E;
}
