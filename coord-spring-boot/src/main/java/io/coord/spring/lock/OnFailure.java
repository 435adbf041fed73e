package io.coord.spring.lock;

/** What a locked method does when it does not get its lock in time. */
public enum OnFailure {

    /** What {@code coord.lock.on-failure} says. */
    DEFAULT,

    /** Throws a {@link LockNotAcquiredException}. The method does not run. */
    THROW,

    /**
     * Returns without having run: {@code null}, an empty {@code Optional}, or a completed future of {@code null}. Not allowed on a
     * method that returns a primitive value.
     */
    SKIP,

    /** Calls the method that the annotation names as its fallback, and returns what that returns. */
    FALLBACK
}
