package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The thread was interrupted while it waited for the answer to a write that was sent. The effect may have happened. */
public final class InterruptedWriteException extends CallInterruptedException implements OutcomeUnknown {
    private static final long serialVersionUID = 1;

    public InterruptedWriteException(String operation, @Nullable String path) {
        super(operation, path, "interrupted after the request was sent; the effect may have happened");
    }
}
