package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for a blocking call; its interrupt flag is set again. This class itself says
 * that nothing was changed: the request was a read, or was never sent and now never will be. For a write that had been
 * sent see the subclass {@link InterruptedWriteException}.
 */
public sealed class CallInterruptedException extends CoordException permits InterruptedWriteException {
    private static final long serialVersionUID = 1;

    public CallInterruptedException(String operation, @Nullable String path) {
        this(operation, path, "interrupted; nothing was changed");
    }

    CallInterruptedException(String operation, @Nullable String path, String what) {
        super(operation, path, what);
    }
}
