package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The deadline of a write passed after it was sent and before its answer came. The effect may have happened. */
public final class UnansweredWriteException extends RequestTimeoutException implements OutcomeUnknown {
    private static final long serialVersionUID = 1;

    public UnansweredWriteException(String operation, @Nullable String path, String what) {
        super(operation, path, what + "; it was sent, so the effect may have happened");
    }
}
