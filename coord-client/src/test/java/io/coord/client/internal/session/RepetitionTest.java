package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.AuthFailedException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.SessionLostException;
import io.coord.client.internal.session.CoreHarness.RecordedCall;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.Xid;
import io.coord.protocol.request.AuthPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is sent again over another connection, what is not, and when; under manual time. */
class RepetitionTest {
    private static void reconnect(CoreHarness it) {
        it.runMs(200);
        it.done();
        it.accept(CoreHarness.SESSION);
    }

    @Test
    void callsThatAMovedSessionRefusesKeepTheirOrder() {
        CoreHarness it = new CoreHarness().connected();
        it.idempotentWrite("/first");
        it.idempotentWrite("/second");
        it.answerError(1, ErrorCode.SESSION_MOVED.code());
        reconnect(it);

        assertThat(it.done("send")).containsExactly("send 3 SET_DATA /first", "send 4 SET_DATA /second");
    }

    @Test
    void anUnreadableReplyFailsItsReadAndNoOther() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall poisoned = it.read("/poisoned");
        RecordedCall innocent = it.read("/innocent");
        it.done();
        it.core.onUnreadable(it.now, it.connection, true, "a frame of 99999999 bytes");
        it.core.endTurn(it.now);
        assertThat(poisoned.failure)
                .isInstanceOf(ServerErrorException.class)
                .hasMessageContaining("/poisoned")
                .hasMessageContaining("MARSHALLING_ERROR");
        assertThat(it.done()).contains("disconnect", "event SUSPENDED generation 1 state SUSPENDED");

        reconnect(it);
        assertThat(it.done("send")).containsExactly("send 3 GET_DATA /innocent");
        it.answerData(3, 5);
        assertThat(innocent.response).isNotNull();
        assertThat(poisoned.outcomes).isEqualTo(1);
    }

    @Test
    void anUnreadableReplyLeavesTheOutcomeOfAWriteUnknown() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall write = it.idempotentWrite("/w");
        it.core.onUnreadable(it.now, it.connection, true, "malformed reply");
        it.core.endTurn(it.now);

        assertThat(write.failure).isInstanceOf(ConnectionLossException.class);
    }

    @Test
    void whatCannotBeReadAndIsNoAnswerIsNotTheFaultOfTheCallThatWaits() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall innocent = it.read("/innocent");
        it.core.onUnreadable(it.now, it.connection, false, "malformed event");
        it.core.endTurn(it.now);
        assertThat(innocent.isPending()).isTrue();
        reconnect(it);
        it.answerData(it.lastXid, 5);
        assertThat(innocent.response).isNotNull();
    }

    @Test
    void connectionsThatBreakAtOnceAreFollowedByLongerAndLongerWaits() {
        CoreHarness it = new CoreHarness().connected();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(msUntilTheNextAttemptAfterACut(it));
            it.accept(CoreHarness.SESSION);
        }
        assertThat(waits.get(0)).isBetween(50L, 101L);
        assertThat(waits.get(7)).isBetween(1_500L, 3_001L);

        it.runMs(1_000);
        assertThat(msUntilTheNextAttemptAfterACut(it)).isLessThanOrEqualTo(51);
    }

    private static long msUntilTheNextAttemptAfterACut(CoreHarness it) {
        it.done();
        it.breakConnection();
        long cut = it.now;
        while (it.done("connect").isEmpty()) {
            it.runMs(1);
        }
        return TimeUnit.NANOSECONDS.toMillis(it.now - cut);
    }

    @Test
    void expiryToldToARepeatedWriteLeavesItsOutcomeUnknown() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall repeated = it.idempotentWrite("/w");
        it.breakConnection();
        reconnect(it);
        it.answerError(it.lastXid, ErrorCode.SESSION_EXPIRED.code());
        assertThat(repeated.failure).isInstanceOf(ConnectionLossException.class);

        it = new CoreHarness().connected();
        RecordedCall first = it.idempotentWrite("/w");
        it.answerError(it.lastXid, ErrorCode.SESSION_EXPIRED.code());
        assertThat(first.failure).isInstanceOf(SessionLostException.class);
    }

    @Test
    void refusedCredentialsSayNothingOfWhatAnEarlierConnectionSent() {
        CoreHarness it = new CoreHarness(1, List.of(new AuthPacket(0, "digest", new byte[] {1})));
        it.core.start(it.now);
        it.accept(CoreHarness.SESSION);
        RecordedCall sentBefore = it.idempotentWrite("/before");
        RecordedCall read = it.read("/read");
        it.breakConnection();
        RecordedCall fresh = it.idempotentWrite("/fresh");
        reconnect(it);
        it.answerError(Xid.AUTH, ErrorCode.AUTH_FAILED.code());

        assertThat(sentBefore.failure).isInstanceOf(ConnectionLossException.class);
        assertThat(read.failure).isInstanceOf(AuthFailedException.class);
        assertThat(fresh.failure).isInstanceOf(AuthFailedException.class);
    }
}
