package io.coord.server;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Answers that callers wait for. The owner thread gives them; those that it has not given when the server has stopped are given
 * then. Nothing is kept of one that was given, so it may be asked as often as one likes. Thread-safe.
 */
final class PendingAnswers {
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /**
     * A new one.
     *
     * @param atEnd completes it when nobody else has until the server has stopped
     */
    <T> CompletableFuture<T> begin(Consumer<CompletableFuture<T>> atEnd) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable ending = () -> atEnd.accept(answer);
        open.add(ending);
        answer.whenComplete((value, failure) -> open.remove(ending));
        if (ended) {
            ending.run();
        }
        return answer;
    }

    /** The server has stopped. */
    void end() {
        ended = true;
        open.forEach(Runnable::run);
    }

    /** How many have not been given. */
    int size() {
        return open.size();
    }
}
