package io.coord.spring.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lock was lost while its method ran, so another holder may have run at the same time. What the method did has happened, wholly or
 * in part; only {@code guarded} writes after the loss have not. The cause is what the method threw, if anything.
 */
public final class LockLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String path;

    LockLostException(String method, String path, @Nullable Throwable cause) {
        super("The lock " + path + " was lost while " + method + " ran; its effects may have happened", cause);
        this.path = path;
    }

    /** Path of the lock, within the client's namespace. */
    public String path() {
        return path;
    }
}
