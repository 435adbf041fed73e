package io.coord.client.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.AuthFailedException;
import io.coord.client.internal.session.CoreHarness.RecordedCall;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.response.SetSaslResponse;
import java.util.List;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a client shows by SASL who it is, and what comes of it. */
class SaslStepsTest {
    /** Answers a question, and takes the word "welcome" for the end. */
    private static final class Identity implements SaslConversation.Factory, SaslConversation {
        private boolean complete;

        @Override
        public SaslConversation begin() {
            complete = false;
            return this;
        }

        @Override
        public byte[] firstToken() {
            return new byte[0];
        }

        @Override
        public byte @Nullable [] answer(byte[] challenge) throws SaslException {
            switch (new String(challenge, UTF_8)) {
                case "who?" -> {
                    return "me".getBytes(UTF_8);
                }
                case "welcome" -> {
                    complete = true;
                    return null;
                }
                default -> throw new SaslException("the server does not know the password");
            }
        }

        @Override
        public boolean isComplete() {
            return complete;
        }

        @Override
        public String toString() {
            return "SASL user bob";
        }
    }

    private final CoreHarness it =
            CoreHarness.withSasl(List.of(new AuthPacket(0, "digest", new byte[1])), new Identity());

    private void says(@Nullable String word) {
        byte[] token = word == null ? null : word.getBytes(UTF_8);
        it.core.onReply(it.now, it.connection, it.lastXid, 0, 0, new SetSaslResponse(token));
        it.core.endTurn(it.now);
    }

    private void awaitAttempt() {
        while (it.done("connect").isEmpty()) {
            it.runMs(10);
        }
    }

    @Test
    void nothingElseIsSentAndNobodyIsToldBeforeTheServerKnowsWhoItIs() {
        it.core.start(it.now);
        it.write("/a");
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done()).containsExactly("hello 0x0 zxid 0", "send 1 SASL");
        assertThat(it.core.awaitedOp(1)).isEqualTo(OpCode.SASL);
        says("who?");
        assertThat(it.done()).containsExactly("send 2 SASL");
        says("welcome");
        assertThat(it.done())
                .containsExactly("send -4 AUTH", "event CONNECTED generation 1 state CONNECTED", "send 4 SET_DATA /a");
    }

    @Test
    void itIsShownAgainOnTheNextConnection() {
        it.core.start(it.now);
        it.accept(CoreHarness.SESSION);
        says("who?");
        says("welcome");
        it.done();
        it.breakConnection();
        awaitAttempt();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send")).hasSize(1).allMatch(each -> each.endsWith("SASL"));
        says("who?");
        says("welcome");
        assertThat(it.done("event")).containsExactly("event RECONNECTED generation 1 state CONNECTED");
    }

    @Test
    void aRefusalFailsWhatWaitsAndTheNextAttemptBringsTheSameSession() {
        it.core.start(it.now);
        RecordedCall waiting = it.write("/a");
        it.accept(CoreHarness.SESSION);
        says("who?");
        it.answerError(it.lastXid, ErrorCode.AUTH_FAILED.code());
        assertThat(waiting.failure)
                .isInstanceOf(AuthFailedException.class)
                .hasMessageContaining("SASL user bob: the server refuses it");
        it.done();
        awaitAttempt();
        it.accept(CoreHarness.SESSION);
        says("who?");
        says("welcome");
        assertThat(it.hello).isNotNull();
        assertThat(it.hello.sessionId()).isEqualTo(CoreHarness.SESSION);
        assertThat(it.done("event")).containsExactly("event CONNECTED generation 1 state CONNECTED");
    }

    @Test
    void aServerThatDoesNotKnowThePasswordEitherIsNotTrusted() {
        it.core.start(it.now);
        RecordedCall waiting = it.write("/a");
        it.accept(CoreHarness.SESSION);
        says("who?");
        says("trust me");
        assertThat(waiting.failure)
                .isInstanceOf(AuthFailedException.class)
                .hasMessageContaining("the server does not know the password");
        assertThat(it.done()).doesNotContain("send 3 SET_DATA /a").contains("disconnect");
    }

    @Test
    void aServerWithoutUsersIsNotTakenForOneThatHasTakenIt() {
        it.core.start(it.now);
        RecordedCall waiting = it.write("/a");
        it.accept(CoreHarness.SESSION);
        says(null);
        assertThat(waiting.failure)
                .isInstanceOf(AuthFailedException.class)
                .hasMessageContaining("knows no users of SASL");
    }

    @Test
    void aServerThatSaysNothingIsGivenUpAsInAHandshake() {
        it.core.start(it.now);
        RecordedCall waiting = it.write("/a");
        it.accept(CoreHarness.SESSION);
        it.done();
        it.runMs(1_000);
        assertThat(it.done()).contains("disconnect");
        assertThat(waiting.isPending()).isTrue();
    }

    /** Nobody was told that there is one, so nobody is told that it is gone, and calls go on waiting. */
    @Test
    void aSessionThatNobodyKnowsOfEndsQuietly() {
        it.core.start(it.now);
        it.accept(CoreHarness.SESSION);
        says(null);
        it.done();
        RecordedCall waiting =
                it.submit(it.new RecordedCall("/a", new GetDataRequest("/a", false), Repeat.READ, 60_000));
        it.runMs(CoreHarness.TIMEOUT_MS + 1_000);
        assertThat(it.leaseEnded).isTrue();
        assertThat(it.done("event")).isEmpty();
        assertThat(waiting.isPending()).isTrue();
    }
}
