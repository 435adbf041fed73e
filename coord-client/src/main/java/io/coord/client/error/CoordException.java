package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * Why a call failed. The message names the operation and the path. When the exception is also an {@link OutcomeUnknown},
 * the effect may have happened; otherwise it certainly did not.
 *
 * <p>A path that is no znode path is refused before anything else with
 * {@link io.coord.protocol.data.InvalidPathException}, an {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * try {
 *     client.setData().withVersion(3).forPath("/config", bytes);
 * } catch (BadVersionException e) {
 *     // Somebody was faster: read it again. Nothing was changed, as with every error but the next.
 * } catch (CoordException e) {
 *     if (e instanceof OutcomeUnknown) {
 *         // It may have happened: look, or repeat it if it does no harm twice.
 *     } else {
 *         throw e;
 *     }
 * }
 * }</pre>
 */
public abstract sealed class CoordException extends RuntimeException
        permits AuthFailedException,
                BadArgumentsException,
                BadVersionException,
                CallInterruptedException,
                ClientClosedException,
                ConnectionLossException,
                InvalidAclException,
                NoAuthException,
                NoChildrenForEphemeralsException,
                NoNodeException,
                NoWatcherException,
                NodeExistsException,
                NotEmptyException,
                PartlyDeletedException,
                QuotaExceededException,
                ReadOnlyServerException,
                RequestTimeoutException,
                RequestTooLargeException,
                ResponseTooLargeException,
                ServerErrorException,
                SessionLostException,
                TooManyRequestsException,
                TransactionFailedException,
                UnreadableDataException,
                UnsupportedByServerException {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final @Nullable String path;

    CoordException(String operation, @Nullable String path, String what) {
        super(operation + (path == null ? "" : ' ' + path) + ": " + what);
        this.operation = operation;
        this.path = path;
    }

    /** The name of the operation as the builder has it, {@code create} for instance. */
    public final String operation() {
        return operation;
    }

    /** The path as the caller gave it, without chroot and namespace; null when the call had none. */
    public final @Nullable String path() {
        return path;
    }

    /** Whether the effect of the call may have happened: the same as being an {@link OutcomeUnknown}. */
    public final boolean isOutcomeUnknown() {
        return this instanceof OutcomeUnknown;
    }
}
