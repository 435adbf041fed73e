package io.coord.server.internal.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Holds an entry point to one thread: the first that comes is the owner, any other one is thrown out. Plain fields are right
 * only for as long as that holds, so it is checked in production too.
 */
public final class OwnerCheck {
    private @Nullable Thread owner;

    /** @throws IllegalStateException on any other thread than the first */
    public void check() {
        Thread current = Thread.currentThread();
        if (owner == null) {
            owner = current;
        } else if (owner != current) {
            throw new IllegalStateException("called on " + current.getName() + ", owned by " + owner.getName());
        }
    }
}
