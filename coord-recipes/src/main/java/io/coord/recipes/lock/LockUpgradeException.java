package io.coord.recipes.lock;

/**
 * A thread that holds the read lock asked for the write lock. It would wait for itself for ever, so it is refused at once;
 * nothing was done. Take the write lock first, then the read lock, then release the write lock.
 *
 * <pre>{@code
 * ReadWriteLock lock = new ReadWriteLock(client, "/locks/catalogue");
 * try (Lease reading = lock.readLock().acquire()) {
 *     lock.writeLock().acquire();
 * } catch (LockUpgradeException e) {
 *     try (Lease writing = lock.writeLock().acquire()) {
 *         work();
 *     }
 * }
 * }</pre>
 */
public final class LockUpgradeException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    LockUpgradeException(String path) {
        super("this thread holds the read lock of " + path + " and cannot take the write lock before it is released");
    }
}
