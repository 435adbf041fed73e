package io.coord.server.internal.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** How the thread {@code coord-admin} waits for the owner thread. */
final class Waiting {
    private Waiting() {}

    /**
     * @throws NoAnswerException when the owner thread did not answer in time, has ended, or met a failure; whoever asked did
     *     not change anything, or may have
     */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new NoAnswerException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswerException(e);
        }
    }

    /** The server's thread did not answer. */
    static final class NoAnswerException extends RuntimeException {
        NoAnswerException(@Nullable Throwable cause) {
            super("the server's thread did not answer: " + cause, cause);
        }
    }
}
