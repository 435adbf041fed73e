package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.AuthFailedException;
import io.coord.client.error.BadArgumentsException;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.RequestTooLargeException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.UnansweredWriteException;
import io.coord.client.internal.session.CoreHarness.RecordedCall;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.EmptyResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The session's decisions under manual time. The negotiated time-out is 9 s: ping 3 s, silence 6 s, lease 8.1 s. */
class SessionCoreTest {
    @Test
    void connectsAndTellsTheSession() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        assertThat(it.done()).containsExactly("connect s0");
        it.core.onConnected(it.now, it.connection);
        assertThat(it.done()).containsExactly("hello 0x0 zxid 0");
        it.accept(CoreHarness.SESSION);
        assertThat(it.done()).containsExactly("event CONNECTED generation 1 state CONNECTED");
    }

    @Test
    void sendsWhatWaitedOnceItIsConnected() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        RecordedCall a = it.read("/a");
        it.write("/b");
        assertThat(it.done("send")).isEmpty();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send")).containsExactly("send 1 GET_DATA /a", "send 2 SET_DATA /b");
        it.answerData(1, 5);
        assertThat(a.response).isNotNull();
    }

    @Test
    void answersGoToCallsInTheirOrder() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall a = it.read("/a");
        RecordedCall b = it.write("/b");
        assertThat(it.core.awaitedOp(1)).isEqualTo(OpCode.GET_DATA);
        it.answerError(1, ErrorCode.NO_NODE.code());
        assertThat(a.failure).isInstanceOf(NoNodeException.class).hasMessageContaining("op /a");
        assertThat(it.core.awaitedOp(2)).isEqualTo(OpCode.SET_DATA);
        it.answerStat(2, 6);
        assertThat(b.response).isNotNull();
        assertThat(it.core.pendingCalls()).isZero();
    }

    @Test
    void givesUpAConnectionWhoseReplyIsOutOfOrder() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall read = it.read("/a");
        it.done();
        it.answerData(9, 5);
        assertThat(it.done()).contains("disconnect", "event SUSPENDED generation 1 state SUSPENDED");
        assertThat(read.isPending()).isTrue();
    }

    @Test
    void comesBackWithTheSameSessionAndSendsAgainWhatMayBeRepeated() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall answered = it.read("/answered");
        it.answerData(1, 42);
        RecordedCall read = it.read("/r");
        RecordedCall write = it.write("/w");
        RecordedCall idempotent = it.idempotentWrite("/i");
        it.done();
        it.breakConnection();
        assertThat(answered.outcomes).isEqualTo(1);
        assertThat(write.failure).isInstanceOf(ConnectionLossException.class).isInstanceOf(OutcomeUnknown.class);
        assertThat(read.isPending()).isTrue();
        assertThat(idempotent.isPending()).isTrue();
        RecordedCall later = it.write("/later");
        it.runMs(100);
        it.accept(CoreHarness.SESSION);
        assertThat(it.done())
                .containsExactly(
                        "disconnect",
                        "completed /w CONNECTION_LOSS",
                        "event SUSPENDED generation 1 state SUSPENDED",
                        "connect s0",
                        "hello 0x77 zxid 42",
                        "event RECONNECTED generation 1 state CONNECTED",
                        "send 5 GET_DATA /r",
                        "send 6 SET_DATA /i",
                        "send 7 SET_DATA /later");
        it.answerData(5, 50);
        it.answerStat(6, 51);
        assertThat(idempotent.wasRepeated()).isTrue();
        assertThat(read.response).isNotNull();
        assertThat(later.wasRepeated()).isFalse();
        assertThat(later.isPending()).isTrue();
    }

    @Test
    void whatIsSentAgainGoesBeforeWhatWasNeverSent() {
        CoreHarness it = new CoreHarness().connected();
        it.read("/first");
        it.read("/second");
        it.writable = false;
        it.write("/third");
        it.writable = true;
        it.core.onConnectionClosed(it.now, it.connection, "cut");
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send"))
                .containsExactly("send 3 GET_DATA /first", "send 4 GET_DATA /second", "send 5 SET_DATA /third");
    }

    @Test
    void ignoresEventsOfAnEarlierConnection() {
        CoreHarness it = new CoreHarness().connected();
        int old = it.connection;
        it.breakConnection();
        it.runMs(100);
        it.done();
        it.core.onConnectionClosed(it.now, old, "late");
        it.core.onConnectResponse(it.now, old, new ConnectResponse(0, 9_000, 5, new byte[16], false));
        it.core.onReply(it.now, old, 1, 1, 0, EmptyResponse.INSTANCE);
        assertThat(it.done()).isEmpty();
    }

    @Test
    void makesANewSessionWhenTheServerDoesNotKnowTheOld() {
        CoreHarness it = new CoreHarness().connected();
        it.read("/a");
        it.answerData(1, 42);
        it.breakConnection();
        RecordedCall waiting = it.read("/waiting");
        RecordedCall write = it.idempotentWrite("/never-sent");
        it.runMs(100);
        it.done();
        it.refuseSession();
        assertThat(it.done())
                .contains("event LOST generation 1 state LOST")
                .noneMatch(each -> each.startsWith("failed"));
        assertThat(it.leaseEnded).isTrue();
        assertThat(waiting.failure).isInstanceOf(SessionLostException.class);
        assertThat(write.failure).isInstanceOf(SessionLostException.class);
        it.runMs(1);
        it.accept(0x88);
        assertThat(it.done())
                .containsExactly("connect s0", "hello 0x0 zxid 0", "event RECONNECTED generation 2 state CONNECTED");
        assertThat(it.leaseEnded).isFalse();
    }

    @Test
    void leaseCountsFromTheSendingOfTheLastAnsweredRequest() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        long helloSent = it.now;
        it.core.onConnected(it.now, it.connection);
        it.advanceMs(50);
        it.core.onConnectResponse(
                it.now, it.connection, new ConnectResponse(0, 9_000, CoreHarness.SESSION, new byte[16], false));
        assertThat(it.leaseEndNs - helloSent).isEqualTo(TimeUnit.MILLISECONDS.toNanos(8_100));
        it.advanceMs(1_000);
        long readSent = it.now;
        it.read("/a");
        it.advanceMs(700);
        it.answerData(1, 1);
        assertThat(it.leaseEndNs - readSent).isEqualTo(TimeUnit.MILLISECONDS.toNanos(8_100));
    }

    @Test
    void declaresTheSessionLostWhenItsLeaseEndsThoughNoServerSaidSo() {
        CoreHarness it = new CoreHarness().connected();
        it.breakConnection();
        long start = it.now;
        RecordedCall waiting =
                it.submit(it.new RecordedCall("/a", new GetDataRequest("/a", false), Repeat.READ, 60_000));
        it.runMs(8_099);
        assertThat(it.leaseEnded).isFalse();
        it.done();
        it.runMs(2);
        assertThat(it.done()).contains("event LOST generation 1 state LOST");
        assertThat(it.leaseEnded).isTrue();
        assertThat(waiting.failure).isInstanceOf(SessionLostException.class);
        assertThat(it.leaseEndNs - start).isEqualTo(TimeUnit.MILLISECONDS.toNanos(8_100));
        while (it.done("connect").isEmpty()) {
            it.runMs(1);
        }
        it.accept(0x99);
        assertThat(it.hello.sessionId()).isZero();
        assertThat(it.done()).contains("event RECONNECTED generation 2 state CONNECTED");
    }

    @Test
    void pingsWhenIdleAndGivesUpASilentServer() {
        CoreHarness it = new CoreHarness().connected();
        it.runMs(2_999);
        assertThat(it.done("send")).isEmpty();
        it.runMs(2);
        assertThat(it.done("send")).containsExactly("send -2 PING");
        it.pong();
        it.runMs(3_001);
        assertThat(it.done("send")).containsExactly("send -2 PING");
        it.runMs(2_990);
        assertThat(it.done("event")).isEmpty();
        it.runMs(20);
        assertThat(it.done("event")).containsExactly("event SUSPENDED generation 1 state SUSPENDED");
    }

    @Test
    void pingsRenewTheLeaseForEver() {
        CoreHarness it = new CoreHarness().connected();
        for (int i = 0; i < 50; i++) {
            it.runMs(3_000);
            assertThat(it.done()).containsExactly("send -2 PING");
            it.advanceMs(10);
            it.pong();
        }
        assertThat(it.leaseEnded).isFalse();
    }

    @Test
    void doesNotBlameTheServerForAStandStillOfItsOwn() {
        CoreHarness it = new CoreHarness().connected();
        it.core.nextWakeUpNs();
        it.advanceMs(6_500);
        it.core.onTick(it.now);
        it.core.endTurn(it.now);
        assertThat(it.done()).containsExactly("send -2 PING");
        it.advanceMs(1);
        it.pong();
        it.runMs(1_000);
        assertThat(it.done()).isEmpty();
    }

    @Test
    void failsCallsAtTheirDeadlineWithTheTruth() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall read = it.read("/r");
        RecordedCall write = it.write("/w");
        it.breakConnection();
        RecordedCall unsent = it.write("/unsent");
        RecordedCall repeated = it.idempotentWrite("/i");
        it.runMs(150);
        it.accept(CoreHarness.SESSION);
        RecordedCall inFlight = it.write("/late");
        it.breakConnection();
        assertThat(write.failure).isInstanceOf(ConnectionLossException.class);
        assertThat(inFlight.failure).isInstanceOf(ConnectionLossException.class);
        assertThat(unsent.failure).isInstanceOf(ConnectionLossException.class);
        RecordedCall never = it.write("/never");
        it.runMs(5_100);
        assertThat(read.failure).isInstanceOf(RequestTimeoutException.class).isNotInstanceOf(OutcomeUnknown.class);
        assertThat(repeated.failure).isInstanceOf(UnansweredWriteException.class);
        assertThat(never.failure)
                .isInstanceOf(RequestTimeoutException.class)
                .isNotInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("no connection, state SUSPENDED");
        assertThat(it.core.pendingCalls()).isZero();
    }

    @Test
    void aLateAnswerKeepsTheOrderButTellsNobody() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall slow = it.submit(it.new RecordedCall("/s", new GetDataRequest("/s", false), Repeat.READ, 100));
        it.runMs(200);
        assertThat(slow.failure).isInstanceOf(RequestTimeoutException.class);
        RecordedCall next = it.read("/n");
        it.answerData(1, 1);
        it.answerData(2, 1);
        assertThat(slow.outcomes).isEqualTo(1);
        assertThat(next.response).isNotNull();
    }

    @Test
    void doesNotSendWhatNobodyWantsAnyMore() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        RecordedCall abandoned = it.write("/a");
        abandoned.wanted = false;
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send")).isEmpty();
        assertThat(abandoned.outcomes).isZero();
        assertThat(it.core.pendingCalls()).isZero();
    }

    @Test
    void refusesARequestThatFitsIntoNoFrame() {
        CoreHarness it = new CoreHarness().connected();
        it.requestBytes = 1_000_001;
        RecordedCall big = it.write("/big");
        assertThat(big.failure).isInstanceOf(RequestTooLargeException.class).hasMessageContaining("1000001");
        it.requestBytes = 100;
        RecordedCall next = it.read("/next");
        it.answerData(it.lastXid, 1);
        assertThat(next.response).isNotNull();
    }

    @Test
    void waitsUntilTheConnectionTakesMore() {
        CoreHarness it = new CoreHarness().connected();
        it.writable = false;
        it.read("/a");
        assertThat(it.done("send")).isEmpty();
        it.writable = true;
        it.core.endTurn(it.now);
        assertThat(it.done("send")).containsExactly("send 1 GET_DATA /a");
    }

    @Test
    void presentsCredentialsAndWatchesBeforeAnythingElse() {
        CoreHarness it = new CoreHarness(
                1, List.of(new AuthPacket(0, "digest", new byte[] {1}), new AuthPacket(0, "ip", new byte[] {2})));
        it.core.start(it.now);
        it.accept(CoreHarness.SESSION);
        it.watch("/w", event -> {});
        it.done();
        it.breakConnection();
        it.read("/r");
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send"))
                .containsExactly("send -4 AUTH", "send -4 AUTH", "send -8 SET_WATCHES zxid 10", "send 2 GET_DATA /r");
    }

    @Test
    void failsEverythingWhenTheServerRefusesTheCredentials() {
        CoreHarness it = new CoreHarness(1, List.of(new AuthPacket(0, "digest", new byte[] {1})));
        it.core.start(it.now);
        RecordedCall write = it.write("/w");
        it.accept(CoreHarness.SESSION);
        it.answerError(Xid.AUTH, ErrorCode.AUTH_FAILED.code());
        assertThat(write.failure).isInstanceOf(AuthFailedException.class);
        it.done();
        it.runMs(40);
        assertThat(it.done("connect")).as("no hot loop").isEmpty();
    }

    @Test
    void armsWatchesAgainInBatchesThatFitAFrame() {
        CoreHarness it = new CoreHarness().connected();
        String padding = "x".repeat(1_000);
        for (int i = 0; i < 300; i++) {
            it.watch("/" + padding + i, event -> {});
        }
        it.breakConnection();
        it.runMs(100);
        it.sent.clear();
        it.accept(CoreHarness.SESSION);
        List<SetWatchesRequest> batches = it.sent.stream()
                .filter(SetWatchesRequest.class::isInstance)
                .map(SetWatchesRequest.class::cast)
                .toList();
        assertThat(batches)
                .hasSizeGreaterThan(1)
                .allSatisfy(batch -> assertThat(batch.dataWatches().stream()
                                .mapToInt(String::length)
                                .sum())
                        .isLessThanOrEqualTo(Rearming.BATCH_BYTES));
        assertThat(batches.stream()
                        .mapToInt(batch -> batch.dataWatches().size())
                        .sum())
                .isEqualTo(300);
    }

    @Test
    void aNewSessionComparesWatchesWithTheBeginning() {
        CoreHarness it = new CoreHarness().connected();
        List<String> events = new ArrayList<>();
        it.watch("/w", event -> events.add(event.type() + " " + event.path()));
        it.breakConnection();
        it.runMs(100);
        it.refuseSession();
        it.runMs(1);
        it.done();
        it.accept(0x88);
        assertThat(it.done("send")).containsExactly("send -8 SET_WATCHES zxid 0");
        it.event(3, "/w");
        it.event(3, "/w");
        assertThat(events).containsExactly("NODE_DATA_CHANGED /w");
    }

    @Test
    void aMissingNodeLeavesAWatchForItsCreation() {
        CoreHarness it = new CoreHarness().connected();
        it.watch("/other", event -> {});
        RecordedCall exists = it.new RecordedCall("/m", new ExistsRequest("/m", true), Repeat.READ, 5_000);
        exists.arming(new io.coord.client.internal.watch.WatchArming(
                io.coord.client.internal.watch.WatchKind.DATA,
                "/m",
                new io.coord.client.internal.watch.WatchTarget(
                        event -> {}, new CoreHarness.Inline(), io.coord.client.internal.watch.PathMapping.NONE)));
        it.submit(exists);
        it.answerError(it.lastXid, ErrorCode.NO_NODE.code());
        it.breakConnection();
        it.runMs(100);
        it.accept(CoreHarness.SESSION);
        SetWatchesRequest request = (SetWatchesRequest) it.sent.get(it.sent.size() - 1);
        assertThat(request.existWatches()).containsExactly("/m");
        assertThat(request.dataWatches()).containsExactly("/other");
    }

    @Test
    void triesAllServersThenWaitsLongerEachRound() {
        CoreHarness it = new CoreHarness(3, List.of());
        it.core.start(it.now);
        List<Long> waits = new ArrayList<>();
        List<String> tried = new ArrayList<>(it.done("connect"));
        for (int i = 0; i < 30; i++) {
            it.core.onConnectionClosed(it.now, it.connection, "refused");
            it.core.endTurn(it.now);
            long before = it.now;
            List<String> connects = it.done("connect");
            while (connects.isEmpty()) {
                it.runMs(1);
                connects = it.done("connect");
            }
            tried.addAll(connects);
            waits.add(TimeUnit.NANOSECONDS.toMillis(it.now - before));
        }
        assertThat(tried.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(tried.subList(3, 6)).isEqualTo(tried.subList(0, 3));
        assertThat(waits.get(0)).isLessThanOrEqualTo(51);
        assertThat(waits.get(2)).isBetween(50L, 101L);
        assertThat(waits.get(5)).isBetween(100L, 201L);
        assertThat(waits.get(29)).isBetween(1_500L, 3_001L);
    }

    @Test
    void anAttemptThatHangsIsGivenUp() {
        CoreHarness it = new CoreHarness(2, List.of());
        it.core.start(it.now);
        it.done();
        it.runMs(1_001);
        assertThat(it.done()).anyMatch(each -> each.startsWith("failed s")).contains("disconnect");
        it.runMs(100);
        it.core.onConnected(it.now, it.connection);
        it.done();
        it.runMs(1_001);
        assertThat(it.done()).as("the handshake as well").anyMatch(each -> each.startsWith("failed s"));
    }

    @Test
    void aMovedSessionSendsTheRefusedCallAgain() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall write = it.write("/w");
        it.answerError(it.lastXid, ErrorCode.SESSION_MOVED.code());
        assertThat(write.isPending()).isTrue();
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send")).hasSize(1);
        it.answerStat(it.lastXid, 9);
        assertThat(write.response).isNotNull();
    }

    @Test
    void closesAfterTheCallsOnTheirWay() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall write = it.write("/w");
        it.done();
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(it.done()).isEmpty();
        assertThat(it.leaseEnded).isFalse();
        it.answerStat(1, 9);
        assertThat(write.response).isNotNull();
        assertThat(it.done()).containsExactly("completed /w SUCCESS", "send 2 CLOSE_SESSION");
        assertThat(it.leaseEnded).as("lease ended before the session can be").isTrue();
        assertThat(it.core.awaitedOp(2)).isEqualTo(OpCode.CLOSE_SESSION);
        it.core.onReply(it.now, it.connection, 2, 9, 0, EmptyResponse.INSTANCE);
        assertThat(it.done()).containsExactly("disconnect", "event CLOSED generation 1 state CLOSED", "closed");
        RecordedCall late = it.read("/late");
        assertThat(late.failure).isInstanceOf(ClientClosedException.class);
        assertThat(it.core.nextWakeUpNs()).isEqualTo(SessionCore.NEVER);
    }

    @Test
    void closeWaitsForBackgroundWorkWithinABound() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall delete = it.new RecordedCall("/d", new GetDataRequest("/d", false), Repeat.IDEMPOTENT, 60_000);
        delete.inBackground();
        it.submit(delete);
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(it.done("send")).containsExactly("send 1 GET_DATA /d");
        it.runMs(1_900);
        assertThat(it.done("send")).isEmpty();
        it.runMs(200);
        assertThat(it.done("send")).containsExactly("send 2 CLOSE_SESSION");
        it.runMs(2_100);
        assertThat(it.done()).contains("closed");
        assertThat(delete.failure).isInstanceOf(ConnectionLossException.class);
    }

    @Test
    void closesAtOnceWithoutAConnectionWhenNothingIsPending() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(it.done()).contains("closed");
    }

    @Test
    void closeLetsACallThatWaitsForAConnectionFinish() {
        CoreHarness it = new CoreHarness().connected();
        it.breakConnection();
        RecordedCall waiting = it.write("/w");
        it.core.close(it.now);
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send")).containsExactly("send 1 SET_DATA /w");
        it.answerStat(1, 9);
        assertThat(waiting.response).isNotNull();
        assertThat(it.done("send")).containsExactly("send 2 CLOSE_SESSION");
    }

    @Test
    void closeFailsWhatStillWaitsForAConnectionWhenTheBoundIsOver() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        RecordedCall waiting = it.read("/a");
        it.core.close(it.now, TimeUnit.MILLISECONDS.toNanos(500));
        it.runMs(490);
        assertThat(waiting.isPending()).isTrue();
        it.runMs(20);
        assertThat(it.done()).contains("closed");
        assertThat(waiting.failure).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void closeWaitsForTheStepsThatFollow() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall second = it.new RecordedCall("/b", new GetDataRequest("/b", false), Repeat.READ, 5_000);
        RecordedCall first = it.new RecordedCall("/a", new GetDataRequest("/a", false), Repeat.READ, 5_000);
        first.then = () -> it.core.submit(it.now, second);
        it.submit(first);
        it.core.close(it.now);
        it.core.endTurn(it.now);
        it.done();
        it.answerData(1, 1);
        assertThat(it.done("send")).containsExactly("send 2 GET_DATA /b");
        it.answerData(2, 1);
        assertThat(second.response).isNotNull();
        assertThat(it.done("send")).containsExactly("send 3 CLOSE_SESSION");
    }

    @Test
    void aCallThatIsTooLateForTheCloseFailsAtOnceAndIsNotSent() {
        CoreHarness it = new CoreHarness().connected();
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(it.done("send")).containsExactly("send 1 CLOSE_SESSION");
        RecordedCall late = it.write("/late");
        assertThat(late.failure).isInstanceOf(ClientClosedException.class);
        assertThat(it.done("send")).isEmpty();
    }

    @Test
    void comparesAWatchWithTheSameChangeUntilItIsArmed() {
        CoreHarness it = new CoreHarness().connected();
        String padding = "x".repeat(1_000);
        for (int i = 0; i < 100; i++) {
            it.watch("/" + padding + i, event -> {});
        }
        it.breakConnection();
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        List<String> batches = it.done("send -8");
        assertThat(batches).hasSizeGreaterThan(1).containsOnly("send -8 SET_WATCHES zxid 10");
        // The first answer shows a newer change; then the connection breaks before the second batch was looked at.
        it.answerSetWatches(99, 0);
        it.breakConnection();
        it.runMs(200);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send -8"))
                .hasSameSizeAs(batches)
                .contains("send -8 SET_WATCHES zxid 10")
                .containsOnlyOnce("send -8 SET_WATCHES zxid 99");
        batches.forEach(each -> it.answerSetWatches(120, 0));
        it.breakConnection();
        it.runMs(500);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send -8")).containsOnly("send -8 SET_WATCHES zxid 120");
    }

    @Test
    void aWatchThatWasSetBetweenTwoBreaksIsComparedWithTheNewestChange() {
        CoreHarness it = new CoreHarness().connected();
        it.watch("/old", event -> {});
        it.breakConnection();
        it.runMs(100);
        it.accept(CoreHarness.SESSION);
        // The old watch is not armed yet; the new one is set by a read that saw change 10.
        it.watch("/new", event -> {});
        it.read("/later");
        it.answerData(it.lastXid, 50);
        it.breakConnection();
        it.runMs(200);
        it.done();
        it.sent.clear();
        it.accept(CoreHarness.SESSION);
        assertThat(it.sent.stream()
                        .filter(SetWatchesRequest.class::isInstance)
                        .map(SetWatchesRequest.class::cast)
                        .map(each -> each.relativeZxid() + " " + each.dataWatches()))
                .containsExactly("10 [/old]", "50 [/new]");
    }

    @Test
    void renewsItsConnectionOnlyWhenNothingIsOnItsWay() {
        CoreHarness it = new CoreHarness().connected();
        RecordedCall write = it.write("/w");
        it.done();
        it.core.renewConnection("behind");
        RecordedCall later = it.write("/later");
        assertThat(it.done()).containsExactly("warning behind");
        it.answerStat(1, 9);
        assertThat(write.response).isNotNull();
        assertThat(it.done())
                .containsExactly("completed /w SUCCESS", "disconnect", "event SUSPENDED generation 1 state SUSPENDED");
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done())
                .containsExactly(
                        "hello 0x77 zxid 9",
                        "event RECONNECTED generation 1 state CONNECTED",
                        "send 2 SET_DATA /later");
        assertThat(later.isPending()).isTrue();
    }

    @Test
    void aSuspendedClientReconnectsToEndItsSession() {
        CoreHarness it = new CoreHarness().connected();
        it.breakConnection();
        it.done();
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(it.leaseEnded).isTrue();
        it.runMs(1);
        assertThat(it.done()).containsExactly("connect s0");
        it.accept(CoreHarness.SESSION);
        assertThat(it.done()).containsExactly("hello 0x77 zxid 0", "send 1 CLOSE_SESSION");
        it.core.onReply(it.now, it.connection, 1, 9, 0, EmptyResponse.INSTANCE);
        assertThat(it.done()).containsExactly("disconnect", "event CLOSED generation 1 state CLOSED", "closed");
    }

    @Test
    void aSuspendedClientTriesEachServerOnceToEndItsSession() {
        CoreHarness it = new CoreHarness(2, List.of()).connected();
        it.breakConnection();
        it.done();
        it.core.close(it.now);
        it.core.endTurn(it.now);
        it.runMs(1);
        assertThat(it.done("connect")).hasSize(1);
        it.breakConnection();
        it.runMs(100);
        assertThat(it.done("connect")).hasSize(1);
        it.breakConnection();
        assertThat(it.done()).contains("closed");
    }

    @Test
    void anAttemptFromBeforeTheCloseIsNotTheOneThatEndsTheSession() {
        CoreHarness it = new CoreHarness().connected();
        it.breakConnection();
        it.runMs(100);
        assertThat(it.done("connect")).hasSize(1);
        it.core.close(it.now);
        it.core.endTurn(it.now);
        it.breakConnection();
        it.runMs(100);
        assertThat(it.done("connect")).hasSize(1);
        it.breakConnection();
        assertThat(it.done()).contains("closed");
    }

    @Test
    void aPlainCloseDoesNotWaitForServersThatCannotBeReached() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        RecordedCall waiting = it.read("/a");
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(waiting.isPending()).isTrue();
        it.breakConnection();
        assertThat(it.done()).contains("closed");
        assertThat(waiting.failure).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void aConnectionThatBreaksBeforeTheEndIsConfirmedIsNotTriedAgain() {
        CoreHarness it = new CoreHarness().connected();
        it.core.close(it.now);
        it.core.endTurn(it.now);
        it.done();
        it.breakConnection();
        assertThat(it.done()).contains("event CLOSED generation 1 state CLOSED", "closed");
    }

    @Test
    void readsFromAServerWithoutItsEnsembleUntilAnotherOneTakesWrites() {
        CoreHarness it = CoreHarness.thatMayBeReadOnly(2);
        it.core.start(it.now);
        it.acceptReadOnly();
        assertThat(it.done()).contains("event READ_ONLY generation 0 state READ_ONLY");
        assertThat(it.hello.readOnly()).isTrue();
        RecordedCall read = it.read("/a");
        it.answerData(it.lastXid, 5);
        assertThat(read.response).isNotNull();
        assertThat(it.leaseEndNs).as("no lease").isZero();
        it.done();
        it.runMs(3_500);
        assertThat(it.done("ask")).as("after 1 and 3 s").containsExactlyInAnyOrder("ask s0", "ask s1");
        it.core.onWritableServer(new ServerAddress("s1", 2181));
        it.core.endTurn(it.now);
        it.runMs(200);
        assertThat(it.done("connect")).containsExactly("connect s1");
        it.accept(CoreHarness.SESSION);
        assertThat(it.done())
                .as("the session of the other server was none")
                .containsExactly("hello 0x0 zxid 5", "event CONNECTED generation 1 state CONNECTED");
        it.runMs(2_000);
        assertThat(it.done("ask")).isEmpty();
    }

    @Test
    void aClientThatMustWriteDoesNotTakeAServerWithoutItsEnsemble() {
        CoreHarness it = new CoreHarness();
        it.core.start(it.now);
        it.acceptReadOnly();
        assertThat(it.hello.readOnly()).isFalse();
        assertThat(it.done()).contains("disconnect", "failed s0 rounds 1").noneMatch(each -> each.contains("event"));
    }

    @Test
    void anEstablishedSessionDoesNotEndForAServerWithoutItsEnsemble() {
        CoreHarness it = CoreHarness.thatMayBeReadOnly(1).connected();
        it.breakConnection();
        it.runMs(100);
        it.done();
        it.acceptReadOnly();
        assertThat(it.done()).contains("disconnect").noneMatch(each -> each.contains("READ_ONLY"));
        assertThat(it.leaseEnded).isFalse();
    }

    @Test
    void closesAReadOnlyConnectionAtOnce() {
        CoreHarness it = CoreHarness.thatMayBeReadOnly(1);
        it.core.start(it.now);
        it.acceptReadOnly();
        it.done();
        it.core.close(it.now);
        it.core.endTurn(it.now);
        assertThat(it.done()).containsExactly("disconnect", "event CLOSED generation 0 state CLOSED", "closed");
    }

    @Test
    void aServerThatHasLeftTheEnsembleIsLeft() {
        CoreHarness it = new CoreHarness().connected();
        it.core.updateServers(List.of(new ServerAddress("s0", 2181), new ServerAddress("s5", 2181)));
        it.core.endTurn(it.now);
        assertThat(it.done()).as("its server stays").isEmpty();
        it.core.updateServers(List.of(new ServerAddress("s5", 2181)));
        it.core.endTurn(it.now);
        it.runMs(200);
        assertThat(it.done("connect")).containsExactly("connect s5");
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("event")).contains("event RECONNECTED generation 1 state CONNECTED");
    }

    @Test
    void aServerThatDoesNotArmTheWatchesIsLeft() {
        CoreHarness it = new CoreHarness(2, List.of()).connected();
        it.watch("/w", event -> {});
        it.breakConnection();
        it.runMs(100);
        it.accept(CoreHarness.SESSION);
        it.done();
        it.answerSetWatches(10, ErrorCode.UNIMPLEMENTED.code());
        assertThat(it.done())
                .contains("disconnect", "event SUSPENDED generation 1 state SUSPENDED")
                .anyMatch(each -> each.startsWith("warning"));
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        assertThat(it.done("send")).containsExactly("send -8 SET_WATCHES zxid 10");
    }

    @Test
    void anExpiredSessionMayShowWhenTheWatchesAreArmed() {
        CoreHarness it = new CoreHarness().connected();
        it.watch("/w", event -> {});
        it.breakConnection();
        it.runMs(100);
        it.accept(CoreHarness.SESSION);
        it.done();
        it.answerSetWatches(10, ErrorCode.SESSION_EXPIRED.code());
        assertThat(it.done("event")).contains("event LOST generation 1 state LOST");
    }

    @Test
    void aRequestThatCannotBeEncodedFailsAloneAndLeavesTheOthersInOrder() {
        CoreHarness it = new CoreHarness().connected();
        it.writable = false;
        it.read("/a");
        RecordedCall broken = it.write("/broken");
        RecordedCall after = it.read("/c");
        it.unencodable = "/broken";
        it.done();
        it.writable = true;
        it.core.endTurn(it.now);
        assertThat(broken.failure)
                .isInstanceOf(BadArgumentsException.class)
                .isNotInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("encoded")
                .hasMessageContaining("op /broken");
        assertThat(it.done()).containsExactly("send 1 GET_DATA /a", "completed /broken ERROR", "send 3 GET_DATA /c");
        it.answerData(1, 1);
        it.answerData(3, 1);
        assertThat(after.response).isNotNull();
        it.runMs(6_000);
        assertThat(broken.outcomes).isEqualTo(1);
        assertThat(it.core.pendingCalls()).isZero();
    }

    @Test
    void xidsGoOnOverReconnects() {
        CoreHarness it = new CoreHarness().connected();
        it.read("/a");
        it.breakConnection();
        it.runMs(100);
        it.done();
        it.accept(CoreHarness.SESSION);
        it.read("/b");
        assertThat(it.done("send")).containsExactly("send 2 GET_DATA /a", "send 3 GET_DATA /b");
    }
}
