package io.coord.recipes.lock;

/**
 * A thread that holds the read lock asked for the write lock. It would wait for itself for ever, so it is refused at once;
 * nothing was done. Take the write lock first, then the read lock, then release the write lock.
 */
public final class LockUpgradeException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    LockUpgradeException(String path) {
        super("this thread holds the read lock of " + path + " and cannot take the write lock before it is released");
    }
}
