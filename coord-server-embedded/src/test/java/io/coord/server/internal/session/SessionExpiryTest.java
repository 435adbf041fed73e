package io.coord.server.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionExpiryTest {
    private static final int TICK = 100;
    private static final int TIMEOUT = 1_000;

    private final List<Long> expired = new ArrayList<>();
    private long now = 5_000;
    private final SessionExpiry expiry = new SessionExpiry(TICK, now, expired::add);

    /** Lets time pass, with each tick handled at its moment. */
    private void passUntil(long time) {
        while (now + expiry.untilNextTickMs(now) <= time) {
            now += expiry.untilNextTickMs(now);
            expiry.onTick(now);
        }
        now = time;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 49, 50, 99})
    void expiresAfterTheTimeoutAndWithinOneTick(int offset) {
        passUntil(5_000 + offset);
        long heard = now;
        expiry.track(1, TIMEOUT, now);

        passUntil(heard + TIMEOUT);
        assertThat(expired).isEmpty();
        passUntil(heard + TIMEOUT + TICK);
        assertThat(expired).containsExactly(1L);
        assertThat(expiry.size()).isZero();
    }

    @Test
    void thousandsAtOnceAreProposedInSmallLotsAndWhoIsHeardOfMeanwhileIsNot() {
        int total = 5 * SessionExpiry.PROPOSALS_PER_TURN;
        SessionExpiry.Deadline last = null;
        for (long id = 1; id <= total; id++) {
            last = expiry.track(id, TIMEOUT, now);
        }
        passUntil(now + TIMEOUT + TICK - 1);
        assertThat(expired).isEmpty();
        now++;
        expiry.onTick(now);
        assertThat(expired).hasSize(SessionExpiry.PROPOSALS_PER_TURN);
        assertThat(expiry.untilNextTickMs(now)).isEqualTo(1);
        expiry.touch(last, now);
        expiry.forget(total - 1);
        passUntil(now + 5);
        assertThat(expired).hasSize(total - 2).doesNotHaveDuplicates().doesNotContain((long) total, total - 1L);
        assertThat(expiry.untilNextTickMs(now)).isGreaterThan(1);

        passUntil(now + TIMEOUT + TICK);
        assertThat(expired).hasSize(total - 1).endsWith((long) total);
    }

    @Test
    void aTouchGivesTheWholeTimeoutAgain() {
        SessionExpiry.Deadline deadline = expiry.track(1, TIMEOUT, now);
        for (int i = 0; i < 20; i++) {
            passUntil(now + 950);
            expiry.touch(deadline, now);
        }
        assertThat(expired).isEmpty();
        long heard = now;
        passUntil(heard + TIMEOUT);
        assertThat(expired).isEmpty();
        passUntil(heard + TIMEOUT + TICK);
        assertThat(expired).containsExactly(1L);
    }

    @Test
    void aShorterTimeoutTakesEffectAtOnce() {
        expiry.track(1, 10 * TIMEOUT, now);
        expiry.track(1, TIMEOUT, now);
        passUntil(now + TIMEOUT + TICK);

        assertThat(expired).containsExactly(1L);
    }

    @Test
    void isProposedOnceAlthoughItWasTrackedAgainAndAgain() {
        for (int i = 0; i < 50; i++) {
            expiry.track(1, i % 2 == 0 ? TIMEOUT : 5 * TIMEOUT, now);
            passUntil(now + 300);
        }
        passUntil(now + 6 * TIMEOUT);

        assertThat(expired).containsExactly(1L);
    }

    @Test
    void aForgottenSessionIsNotProposed() {
        expiry.track(1, TIMEOUT, now);
        expiry.track(2, TIMEOUT, now);
        expiry.forget(1);
        passUntil(now + 3 * TIMEOUT);

        assertThat(expired).containsExactly(2L);
    }

    @Test
    void aTouchAfterTheProposalDoesNotBringItBack() {
        SessionExpiry.Deadline deadline = expiry.track(1, TIMEOUT, now);
        passUntil(now + TIMEOUT + TICK);
        expiry.touch(deadline, now);
        passUntil(now + 3 * TIMEOUT);

        assertThat(expired).containsExactly(1L);
    }

    @Test
    void aProcessThatWasHeldUpListensForATickBeforeItJudges() {
        SessionExpiry.Deadline heard = expiry.track(1, TIMEOUT, now);
        expiry.track(2, TIMEOUT, now);
        now += 10 * TIMEOUT;
        expiry.onTick(now);
        assertThat(expired).isEmpty();

        expiry.touch(heard, now);
        passUntil(now + TICK);
        assertThat(expired).containsExactly(2L);
    }

    @Test
    void aHoldUpOfTwoTicksCountsAndTheListeningLastsAWholeTick() {
        expiry.track(1, 2 * TICK, now);
        passUntil(now + TICK);
        now += 2 * TICK + 99;
        expiry.onTick(now);
        now += 1;
        expiry.onTick(now);
        assertThat(expired).isEmpty();

        now += TICK;
        expiry.onTick(now);
        assertThat(expired).containsExactly(1L);
    }

    @Test
    void whoeverIsHeldUpWhileHeListensListensAgain() {
        expiry.track(1, TIMEOUT, now);
        now += 2 * TIMEOUT;
        expiry.onTick(now);
        now += 2 * TIMEOUT;
        expiry.onTick(now);
        assertThat(expired).isEmpty();

        passUntil(now + TICK);
        assertThat(expired).containsExactly(1L);
    }
}
