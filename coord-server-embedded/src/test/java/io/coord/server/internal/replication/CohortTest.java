package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CohortTest {
    private final Cohort cohort = new Cohort();

    @Test
    void expectsThoseWhoWroteInTheLastTwoBatches() {
        batch(1, 2);
        batch(3);
        cohort.add(1);
        cohort.add(3);
        assertThat(cohort.isComplete()).isFalse();
        cohort.add(2);
        assertThat(cohort.isComplete()).isTrue();
    }

    @Test
    void forgetsWhoHasNotWrittenInTwoBatches() {
        batch(1, 2);
        batch(2, 3);
        batch(2, 3);
        cohort.add(2);
        cohort.add(3);
        assertThat(cohort.isComplete()).isTrue();
    }

    @Test
    void countsASessionThatWritesTwiceOnce() {
        batch(1, 2);
        cohort.add(1);
        cohort.add(1);
        cohort.add(1);
        assertThat(cohort.isComplete()).isFalse();
        cohort.add(2);
        cohort.add(1);
        assertThat(cohort.isComplete()).isTrue();
    }

    @Test
    void doesNotMissANewcomer() {
        batch(1, 2);
        cohort.add(3);
        assertThat(cohort.isComplete()).isFalse();
        cohort.add(1);
        cohort.add(2);
        assertThat(cohort.isComplete()).isTrue();
    }

    @Test
    void isNotWaitedForWhenItIsOneSession() {
        batch(1);
        assertThat(cohort.isWorthWaitingFor()).isFalse();
        batch(1, 2);
        assertThat(cohort.isWorthWaitingFor()).isTrue();
    }

    @Test
    void isCompleteWhenThereAreTooManySessions() {
        for (int session = 0; session <= Cohort.MOST_SESSIONS; session++) {
            cohort.add(session);
        }
        assertThat(cohort.isComplete()).isTrue();
        cohort.onTaken();
        assertThat(cohort.isComplete()).isFalse();
        for (int session = 0; session < Cohort.MOST_SESSIONS; session++) {
            cohort.add(session);
        }
        assertThat(cohort.isComplete()).isTrue();
    }

    @Test
    void isLeftAloneTwiceAsLongAfterEachWaitThatFailed() {
        assertThat(batchesWithoutWaitAfterFailure()).isEqualTo(4);
        assertThat(batchesWithoutWaitAfterFailure()).isEqualTo(8);
        assertThat(batchesWithoutWaitAfterFailure()).isEqualTo(16);
        cohort.onWaited(true);
        assertThat(batchesWithoutWaitAfterFailure()).isEqualTo(4);
    }

    @Test
    void isTriedAgainHoweverOftenWaitingFailed() {
        for (int failure = 0; failure < 20; failure++) {
            assertThat(batchesWithoutWaitAfterFailure()).isLessThanOrEqualTo(1024);
        }
    }

    private int batchesWithoutWaitAfterFailure() {
        batch(1, 2);
        assertThat(cohort.isWorthWaitingFor()).isTrue();
        cohort.onWaited(false);
        int batches = 0;
        while (!cohort.isWorthWaitingFor()) {
            batch(1, 2);
            batches++;
        }
        return batches;
    }

    private void batch(long... sessions) {
        for (long each : sessions) {
            cohort.add(each);
        }
        cohort.onTaken();
    }
}
