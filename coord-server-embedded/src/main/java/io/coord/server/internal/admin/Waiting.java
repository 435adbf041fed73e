package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.Listing;
import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the thread {@code coord-admin} waits for the owner thread. */
final class Waiting {
    /** Entries for one turn of the owner thread: a millisecond or two of it. */
    private static final int SLICE = 500;

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

    /**
     * All of something long, by many questions.
     *
     * @param begin runs on the owner thread
     * @param most so many are asked for
     * @throws NoAnswerException as {@link #await}
     */
    static <T> Excerpt<T> collect(OwnerQuestions owner, Supplier<Listing<T>> begin, int most) {
        Listing<T> listing = await(owner.ask(begin));
        int size = await(owner.ask(listing::size));
        List<T> all = new ArrayList<>();
        List<T> some = List.of();
        do {
            int left = Math.min(SLICE, most - all.size());
            some = left == 0 ? List.of() : await(owner.ask(() -> listing.next(left)));
            all.addAll(some);
        } while (!some.isEmpty());
        return new Excerpt<>(all, Math.max(0, size - all.size()));
    }

    /** @param omitted how many more there are, but for those that have gone meanwhile */
    record Excerpt<T>(List<T> entries, int omitted) {}

    /** The server's thread did not answer. */
    static final class NoAnswerException extends RuntimeException {
        NoAnswerException(@Nullable Throwable cause) {
            super("the server's thread did not answer: " + cause, cause);
        }
    }
}
