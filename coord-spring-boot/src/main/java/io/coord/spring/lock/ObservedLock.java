package io.coord.spring.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lock that somebody waits for.
 *
 * @param name as declared, without the key, so that the number of names is bounded
 * @param key of this call; null when the lock has none
 * @param path of the lock, key included
 * @param user who asks: a method, or the purpose of a task
 */
public record ObservedLock(
        String name, LockMode mode, @Nullable String key, String path, String user) {}
