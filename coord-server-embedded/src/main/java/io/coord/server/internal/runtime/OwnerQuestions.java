package io.coord.server.internal.runtime;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What other threads want to know of the owner thread: they ask by a message and wait for the answer, never look at its fields.
 * Thread-safe.
 */
public final class OwnerQuestions {
    /** Long enough for a machine in trouble, short enough for whoever asks about that. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final StateMailbox mailbox;
    private final Duration deadline;
    private final Set<Question<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    public OwnerQuestions(StateMailbox mailbox) {
        this(mailbox, DEADLINE);
    }

    OwnerQuestions(StateMailbox mailbox, Duration deadline) {
        this.mailbox = mailbox;
        this.deadline = deadline;
    }

    /**
     * Asks.
     *
     * @param supplier runs on the owner thread, and gives what may leave it: something that never changes
     * @return completed by the owner thread, so what hangs on it belongs on a thread of its own; with the question's own failure,
     *     with a {@code TimeoutException} when there was no answer within five seconds, with {@code IllegalStateException} when
     *     the owner has ended
     */
    public <T> CompletableFuture<T> ask(Supplier<T> supplier) {
        Question<T> question = new Question<>(supplier);
        open.add(question);
        question.answer.whenComplete((value, failure) -> open.remove(question));
        if (ended) {
            question.fail();
        } else {
            mailbox.offer(question);
        }
        return question.answer.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static final class Question<T> implements Runnable {
        private final Supplier<T> supplier;
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        Question(Supplier<T> supplier) {
            this.supplier = supplier;
        }

        /** Owner thread. */
        @Override
        public void run() {
            if (answer.isDone()) {
                // Nobody waits any more.
                return;
            }
            try {
                answer.complete(supplier.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        void fail() {
            answer.completeExceptionally(new IllegalStateException("the server has stopped"));
        }
    }

    /** Tells the owner thread something that needs no answer. */
    public void tell(Runnable message) {
        mailbox.offer(message);
    }

    /** The owner answers no more. */
    public void end() {
        ended = true;
        open.forEach(Question::fail);
    }
}
