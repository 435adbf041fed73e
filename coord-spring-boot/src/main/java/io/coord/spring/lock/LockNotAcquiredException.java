package io.coord.spring.lock;

import org.jspecify.annotations.Nullable;

/** A locked method, or a task, did not get its lock in time, so it did not run. */
public final class LockNotAcquiredException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String path;

    LockNotAcquiredException(LockRequest request, @Nullable Throwable cause) {
        super(
                request.user() + " did not run: it did not get the "
                        + request.mode().noun() + " " + request.path()
                        + (cause == null
                                ? " within " + request.waitTime().toMillis() + " ms"
                                : ": " + cause.getMessage()),
                cause);
        this.path = request.path();
    }

    /** Path of the lock, within the client's namespace. */
    public String path() {
        return path;
    }
}
