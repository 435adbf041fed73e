package io.coord.server.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnerQuestionsTest {
    private final Queue<Runnable> mailbox = new ArrayDeque<>();
    private final OwnerQuestions questions = new OwnerQuestions(mailbox::add);

    @Test
    void anAnswerIsGivenWhenTheOwnerComesToIt() {
        CompletableFuture<Integer> answer = questions.ask(() -> 7);
        assertThat(answer).isNotDone();
        mailbox.remove().run();
        assertThat(answer).isCompletedWithValue(7);
    }

    @Test
    void aQuestionThatFailsFailsForWhoeverAskedAndNotForTheOwner() {
        CompletableFuture<Integer> answer = questions.ask(() -> {
            throw new IllegalArgumentException("planted");
        });
        mailbox.remove().run();
        assertThatThrownBy(answer::join).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobodyWaitsForAnOwnerThatIsStuckAndItIsNotAskedInVainLater() {
        OwnerQuestions impatient = new OwnerQuestions(mailbox::add, Duration.ofMillis(20));
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Integer> answer = impatient.ask(asked::incrementAndGet);

        assertThatThrownBy(answer::join).hasCauseInstanceOf(TimeoutException.class);
        mailbox.remove().run();
        assertThat(asked).hasValue(0);
    }

    @Test
    void anOwnerThatHasEndedAnswersNobody() {
        CompletableFuture<Integer> before = questions.ask(() -> 7);
        questions.end();

        assertThatThrownBy(before::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(questions.ask(() -> 7)::join).hasCauseInstanceOf(IllegalStateException.class);
    }
}
