package io.coord.recipes.lock;

/**
 * The lock is not, or not certainly, held any more. Thrown by {@link Lease#guarded} and its like, nothing was changed; by
 * {@link Lease#ensureHeld()}, the caller should stop what it does under the lock.
 *
 * <pre>{@code
 * Lease lease = new Mutex(client, "/locks/ledger").acquire();
 * try {
 *     work();
 *     lease.guarded(client.transactionOp().setData().forPath("/ledger", bytes));
 * } catch (LeaseLostException e) {
 *     use("nothing was written; the lease is", e.state());
 * } finally {
 *     lease.release();
 * }
 * }</pre>
 */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String path;
    private final LeaseState state;

    /** @param path of the znode that held it */
    public LeaseLostException(String path, LeaseState state, String what) {
        super(what);
        this.path = path;
        this.state = state;
    }

    /** The lock's znode. */
    public String path() {
        return path;
    }

    /** SUSPECT when it is not known whether the lock is held, LOST or RELEASED when it is known that it is not. */
    public LeaseState state() {
        return state;
    }
}
