package io.coord.recipes.internal.queue;

import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.TooManyRequestsException;
import io.coord.client.error.TransactionFailedException;
import io.coord.protocol.ErrorCode;
import io.coord.recipes.internal.call.Callers;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation did not succeed, as far as the next step depends on it.
 *
 * @param kind what to do about it
 * @param cause what the client said
 */
public record Failure(Kind kind, RuntimeException cause) {
    public enum Kind {
        /** No answer, or none yet: try again when the servers can be reached. The effect may have happened. */
        UNKNOWN,
        /** Surely without effect, for a reason that may pass. */
        TRANSIENT,
        /** The session that it was sent in has ended. The effect may have happened, but ends with that session. */
        SESSION_OVER,
        NO_NODE,
        NODE_EXISTS,
        /** Trying again would give the same answer. */
        FINAL
    }

    /** @param thrown what a stage of the client completed with */
    public static Failure of(Throwable thrown) {
        RuntimeException cause = Callers.asUnchecked(thrown);
        return new Failure(kindOf(cause), cause);
    }

    /** Hands on what a stage of the client completes with. */
    public static <T extends @Nullable Object> void on(
            CompletionStage<T> stage, Consumer<? super T> success, Consumer<Failure> failure) {
        stage.whenComplete((result, thrown) -> {
            if (thrown == null) {
                success.accept(result);
            } else {
                failure.accept(of(thrown));
            }
        });
    }

    private static Kind kindOf(RuntimeException cause) {
        if (cause instanceof TransactionFailedException transaction) {
            return kindOf(transaction.failure());
        } else if (cause instanceof OutcomeUnknown) {
            return Kind.UNKNOWN;
        } else if (cause instanceof RequestTimeoutException || cause instanceof TooManyRequestsException) {
            return Kind.TRANSIENT;
        } else if (cause instanceof ServerErrorException refused && refused.code() == ErrorCode.THROTTLED_OP.code()) {
            // The server could not take it now: its disk is full, or there is no leader.
            return Kind.TRANSIENT;
        } else if (cause instanceof SessionLostException) {
            return Kind.SESSION_OVER;
        } else if (cause instanceof NoNodeException) {
            return Kind.NO_NODE;
        } else if (cause instanceof NodeExistsException) {
            return Kind.NODE_EXISTS;
        }
        return Kind.FINAL;
    }
}
