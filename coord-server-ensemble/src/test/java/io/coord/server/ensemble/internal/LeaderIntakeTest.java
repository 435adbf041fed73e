package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderIntakeTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<Long> appended = new ArrayList<>();
    private final List<Runnable> failures = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private boolean refuses;
    private final LeaderIntake intake = new LeaderIntake(this::append, later::add);

    private void append(byte[] entry, Runnable onFailure) {
        if (refuses) {
            onFailure.run();
        } else {
            appended.add((long) entry[0]);
            failures.add(onFailure);
        }
    }

    private void accept(long term, long life, long stream, long number) {
        BatchHeader header = new BatchHeader(term, life, stream, number, 1);
        intake.accept(2, header, new byte[] {(byte) number}, () -> broken.add(stream + "/" + number));
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    @Test
    void takesAStreamInItsOrder() {
        intake.onTerm(3);
        accept(3, 1, 0, 0);
        accept(3, 1, 0, 1);

        assertThat(appended).containsExactly(0L, 1L);
        assertThat(broken).isEmpty();
    }

    @Test
    void takesNothingWhileThisMemberDoesNotLeadThatTerm() {
        accept(3, 1, 0, 0);
        intake.onTerm(4);
        accept(3, 1, 0, 0);

        assertThat(appended).isEmpty();
        assertThat(broken).hasSize(2);
    }

    @Test
    void takesNothingBehindAGap() {
        intake.onTerm(3);
        accept(3, 1, 0, 0);
        accept(3, 1, 0, 2);
        accept(3, 1, 0, 1);

        assertThat(appended).containsExactly(0L);
        assertThat(broken).containsExactly("0/2", "0/1");
    }

    @Test
    void takesNothingBehindWhatTheLogRefused() {
        intake.onTerm(3);
        refuses = true;
        accept(3, 1, 0, 0);
        refuses = false;
        accept(3, 1, 0, 1);
        runLater();

        assertThat(appended).isEmpty();
        assertThat(broken).contains("0/0", "0/1");
    }

    @Test
    void takesTheNextStreamAndNothingMoreOfTheOneBefore() {
        intake.onTerm(3);
        accept(3, 1, 0, 0);
        accept(3, 1, 1, 0);
        accept(3, 1, 0, 1);
        accept(3, 1, 1, 1);

        assertThat(appended).containsExactly(0L, 0L, 1L);
    }

    @Test
    void aFailureThatIsToldLaterBreaksItsOwnStreamOnly() {
        intake.onTerm(3);
        accept(3, 1, 0, 0);
        accept(3, 1, 1, 0);
        Thread teller = new Thread(failures.get(0));
        teller.start();
        join(teller);
        runLater();
        accept(3, 1, 1, 1);

        assertThat(broken).containsExactly("0/0");
        assertThat(appended).containsExactly(0L, 0L, 1L);
    }

    @Test
    void aMemberThatHasStartedAnewBeginsAtItsFirstStream() {
        intake.onTerm(3);
        accept(3, 1, 7, 0);
        accept(3, 2, 0, 0);
        accept(3, 2, 0, 1);

        assertThat(appended).containsExactly(0L, 0L, 1L);
        assertThat(broken).isEmpty();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
