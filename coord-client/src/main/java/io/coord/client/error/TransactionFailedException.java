package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a transaction failed, so none took effect. The cause is the exception that the failing operation would
 * have thrown by itself.
 *
 * <pre>{@code
 * try {
 *     client.transaction().forOperations(
 *             client.transactionOp().check().withVersion(7).forPath("/config"),
 *             client.transactionOp().create().forPath("/config/new"));
 * } catch (TransactionFailedException e) {
 *     use("operation", e.failedIndex(), "failed because", e.failure());
 * }
 * }</pre>
 */
public final class TransactionFailedException extends CoordException {
    private static final long serialVersionUID = 1;

    private final int failedIndex;

    public TransactionFailedException(int failedIndex, CoordException cause) {
        super("transaction", cause.path(), "operation " + failedIndex + " failed: " + cause.getMessage());
        initCause(cause);
        this.failedIndex = failedIndex;
    }

    /** The position of the failing operation, from 0. */
    public int failedIndex() {
        return failedIndex;
    }

    /** What the failing operation would have thrown by itself, a {@link BadVersionException} for instance. */
    public CoordException failure() {
        @Nullable Throwable cause = getCause();
        if (cause instanceof CoordException failure) {
            return failure;
        }
        throw new IllegalStateException("transaction failure without a cause");
    }
}
