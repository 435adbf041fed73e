package io.coord.spring.lock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A locked method did not get its lock in time, so it did not run. */
public final class LockNotAcquiredException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String path;

    LockNotAcquiredException(String method, LockMode mode, String path, Duration wait, @Nullable Throwable cause) {
        super(
                method + " did not run: it did not get the " + (mode == LockMode.READ ? "read" : "write") + " lock "
                        + path + (cause == null ? " within " + wait.toMillis() + " ms" : ": " + cause.getMessage()),
                cause);
        this.path = path;
    }

    /** Path of the lock, within the client's namespace. */
    public String path() {
        return path;
    }
}
