package io.coord.server.internal.pipeline;

import static io.coord.server.internal.pipeline.SequencerFixture.TICK_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.response.ConnectResponse;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.state.Commands;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
    private final SequencerFixture fixture = new SequencerFixture(Limits.ofHeap(1L << 30));
    private final HeldReplicator replicator = fixture.replicator;

    private static ConnectRequest request(int timeoutMs, @Nullable Boolean readOnly) {
        return new ConnectRequest(0, 0, timeoutMs, 0, new byte[16], readOnly);
    }

    private SequencerFixture.Client back(SequencerFixture.Client client) {
        SequencerFixture.Client again = fixture.client();
        again.connect(client.handshake().sessionId(), client.handshake().passwd());
        return again;
    }

    @Test
    void aSessionIsToldWhenItIsCommittedAndRequestsWaitUntilThen() {
        SequencerFixture.Client client = fixture.client();
        client.connect(0, new byte[16]);

        assertThat(client.outbound.connected).isNull();
        assertThat(client.connection.takesRequests()).isFalse();
        assertThat(client.outbound.reading).isFalse();
        replicator.commitAll();
        assertThat(client.handshake().timeoutMs()).isEqualTo(2_000);
        assertThat(client.handshake().passwd()).hasSize(16);
        assertThat(client.outbound.reading).isTrue();
        assertThat(client.connection.takesRequests()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, 1000", "0, 1000", "999, 1000", "1000, 1000", "3000, 3000", "5000, 5000", "5001, 5000"})
    void timeoutsAreClamped(int asked, int given) {
        SequencerFixture.Client client = fixture.client();
        client.connect(request(asked, false));
        replicator.commitAll();

        assertThat(client.handshake().timeoutMs()).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "false", "true"})
    void theReadOnlyFlagIsAnsweredOnlyToThoseWhoSentOne(String sent) {
        SequencerFixture.Client client = fixture.client();
        client.connect(request(2_000, sent.equals("none") ? null : Boolean.valueOf(sent)));
        replicator.commitAll();

        assertThat(client.handshake().readOnly()).isEqualTo(sent.equals("none") ? null : Boolean.FALSE);
    }

    @Test
    void aClientThatHasSeenMoreIsSentAwayWithoutAnAnswer() {
        SequencerFixture.Client client = fixture.client();
        client.connect(new ConnectRequest(0, 1, 2_000, 0, new byte[16], false));

        assertThat(client.take()).containsExactly("cut");
        assertThat(replicator.held).isEmpty();
    }

    @Test
    void comingBackTakesTheSessionOverFromTheOldConnection() {
        SequencerFixture.Client old = fixture.session();
        old.send(1, new AddWatchRequest("/", 0));
        old.take();
        SequencerFixture.Client again = back(old);
        assertThat(old.take()).isEmpty();
        replicator.commitAll();

        assertThat(old.take()).containsExactly("cut");
        assertThat(again.handshake().sessionId()).isEqualTo(old.handshake().sessionId());
        old.disconnect();
        again.send(1, Commands.create("/a", 1));
        replicator.commitAll();
        assertThat(again.take()).containsExactly("1 OK 2");
    }

    @Test
    void aWriteOfTheOldConnectionBehindTheHandOverIsVoid() {
        SequencerFixture.Client old = fixture.session();
        SequencerFixture.Client again = back(old);
        old.send(1, Commands.create("/late", 0));
        replicator.commitAll();

        assertThat(fixture.state.tree().get("/late")).isNull();
        assertThat(old.take()).containsExactly("cut");
        assertThat(again.connection.takesRequests()).isTrue();
    }

    @Test
    void aWriteOfTheOldConnectionBeforeTheHandOverCounts() {
        SequencerFixture.Client old = fixture.session();
        old.send(1, Commands.create("/early", 0));
        back(old);
        replicator.commitAll();

        assertThat(fixture.state.tree().get("/early")).isNotNull();
        assertThat(old.take()).containsExactly("1 OK 2", "cut");
    }

    @Test
    void aWrongPasswordIsRefusedAndTheRightfulHolderNoticesNothing() {
        SequencerFixture.Client holder = fixture.session();
        SequencerFixture.Client thief = fixture.client();
        thief.connect(holder.handshake().sessionId(), new byte[16]);
        replicator.commitAll();

        assertThat(thief.handshake())
                .usingRecursiveComparison()
                .isEqualTo(new ConnectResponse(0, 0, 0, new byte[16], false));
        assertThat(thief.take()).containsExactly("closed");
        assertThat(holder.take()).isEmpty();
        holder.send(1, new ExistsRequest("/", false));
        assertThat(holder.take()).containsExactly("1 OK 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17, 900})
    void aPasswordOfAnotherLengthIsRefusedAndNeverLogged(int length) {
        SequencerFixture.Client holder = fixture.session();
        SequencerFixture.Client thief = fixture.client();
        thief.connect(holder.handshake().sessionId(), new byte[length]);

        assertThat(replicator.held).isEmpty();
        assertThat(thief.handshake().sessionId()).isZero();
        assertThat(thief.take()).containsExactly("closed");
    }

    @Test
    void aSessionThatIsNotReadForItsWritesDoesNotExpire() {
        SequencerFixture small = new SequencerFixture(new Limits(2, 1_000, 100, 10_000));
        SequencerFixture.Client client = small.session();
        client.send(1, Commands.create("/a", 0));
        client.send(2, Commands.create("/b", 0));
        assertThat(client.outbound.reading).isFalse();
        small.pass(20_000);
        assertThat(small.replicator.held).hasSize(2);

        small.replicator.commitAll();
        assertThat(client.outbound.reading).isTrue();
        small.pass(1_900);
        assertThat(small.replicator.held).isEmpty();
        small.pass(300);
        assertThat(small.replicator.held).hasSize(1);
    }

    @Test
    void aSessionThatIsNotReadBecauseItTakesNoRepliesExpires() {
        SequencerFixture small = new SequencerFixture(new Limits(4, 1_000, 100, 10_000));
        SequencerFixture.Client client = small.session();
        leaveRepliesWaiting(client, small);
        small.pass(2_200);
        assertThat(small.replicator.held).hasSize(1);
    }

    @Test
    void aSessionThatTakesItsRepliesSlowlyLives() {
        SequencerFixture small = new SequencerFixture(new Limits(4, 1_000, 100, 10_000));
        SequencerFixture.Client client = small.session();
        leaveRepliesWaiting(client, small);
        for (int i = 0; i < 10; i++) {
            small.pass(1_500);
            client.outbound.takenBytes++;
        }
        assertThat(small.replicator.held).isEmpty();
        small.pass(3_000);
        assertThat(small.replicator.held).hasSize(1);
    }

    @Test
    void aSessionWhoseSocketIsNotReadLivesForAsLongAsItTakesReplies() {
        SequencerFixture.Client client = fixture.session();
        client.outbound.blocked = true;
        for (int i = 0; i < 10; i++) {
            fixture.pass(1_500);
            client.outbound.takenBytes++;
        }
        assertThat(replicator.held).isEmpty();
        fixture.pass(3_000);
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void whatLeavesForAClientThatIsReadIsNoSignOfItsLife() {
        SequencerFixture.Client client = fixture.session();
        for (int i = 0; i < 2; i++) {
            client.outbound.takenBytes++;
            fixture.pass(1_100);
        }
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void aFollowerReportsAClientThatTakesItsRepliesSlowly() {
        SequencerFixture small = new SequencerFixture(new Limits(4, 1_000, 100, 10_000));
        SequencerFixture.Client client = small.session();
        small.replicator.become(Role.FOLLOWER);
        leaveRepliesWaiting(client, small);
        small.pass(TICK_MS);
        small.replicator.reports.clear();
        client.outbound.takenBytes++;
        small.pass(3 * TICK_MS);

        assertThat(small.replicator.reports.stream().flatMap(List::stream))
                .containsExactly(
                        client.handshake().sessionId(), client.handshake().sessionId());
    }

    /** A write and reads behind it, as many as may be outstanding, of which the client takes no answer. */
    private static void leaveRepliesWaiting(SequencerFixture.Client client, SequencerFixture small) {
        client.send(1, Commands.create("/a", 0));
        for (int xid = 2; xid <= 4; xid++) {
            client.send(xid, new ExistsRequest("/a", false));
        }
        client.outbound.full = true;
        small.replicator.commitAll();
        assertThat(client.outbound.reading).isFalse();
    }

    @Test
    void anUnknownSessionIsRefusedAndNotReplacedByANewOne() {
        SequencerFixture.Client client = fixture.client();
        client.connect(0xffff_ffff_ffff_ffffL, new byte[16]);
        replicator.commitAll();

        assertThat(client.handshake().sessionId()).isZero();
        assertThat(fixture.state.sessions().size()).isZero();
    }

    @Test
    void aSessionThatHandedOverElsewhereLosesItsConnectionHere() {
        SequencerFixture.Client client = fixture.session();
        ConnectResponse handshake = client.handshake();
        replicator.commitForeign(new Command.AttachSession(1, handshake.sessionId(), 2_000, handshake.passwd()));

        assertThat(client.take()).containsExactly("cut");
    }

    @Test
    void silenceExpiresASessionWithItsEphemeralsAndClosesItsConnection() {
        SequencerFixture.Client client = fixture.session();
        SequencerFixture.Client watcher = fixture.session();
        client.send(1, Commands.create("/e", 1));
        replicator.commitAll();
        client.take();
        watcher.send(1, new ExistsRequest("/e", true));
        for (int i = 0; i < 3; i++) {
            fixture.pass(900);
            replicator.commitAll();
            watcher.send(-2, PingRequest.INSTANCE);
        }
        assertThat(client.take()).containsExactly("closed");
        assertThat(watcher.take()).startsWith("1 OK 3").contains("NODE_DELETED /e 4");
        assertThat(fixture.state.tree().get("/e")).isNull();
        assertThat(fixture.state.sessions().size()).isEqualTo(1);

        SequencerFixture.Client again = back(client);
        replicator.commitAll();
        assertThat(again.handshake().sessionId()).isZero();
    }

    @Test
    void readsAndPingsKeepASessionAlive() {
        SequencerFixture.Client client = fixture.session();
        for (int i = 0; i < 10; i++) {
            fixture.pass(1_900);
            client.send(i, i % 2 == 0 ? PingRequest.INSTANCE : new ExistsRequest("/", false));
        }
        assertThat(replicator.held).isEmpty();
    }

    @Test
    void comingBackCancelsAnExpiryThatIsUnderWay() {
        SequencerFixture.Client client = fixture.session();
        client.disconnect();
        SequencerFixture.Client again = back(client);
        fixture.pass(2_200);
        assertThat(replicator.held).hasSize(2);
        replicator.commitAll();

        assertThat(again.connection.takesRequests()).isTrue();
        fixture.pass(1_900);
        assertThat(replicator.held).isEmpty();
        fixture.pass(300);
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void aFollowerReportsWhomItHasHeardOfAndEndsNobody() {
        SequencerFixture.Client busy = fixture.session();
        SequencerFixture.Client silent = fixture.session();
        replicator.become(Role.FOLLOWER);
        fixture.pass(TICK_MS);
        assertThat(replicator.reports.get(0))
                .containsExactlyInAnyOrder(
                        busy.handshake().sessionId(), silent.handshake().sessionId());
        replicator.reports.clear();
        busy.send(1, new ExistsRequest("/", false));
        fixture.pass(10_000);

        assertThat(replicator.reports.stream().flatMap(List::stream))
                .containsExactly(busy.handshake().sessionId(), busy.handshake().sessionId());
        assertThat(replicator.reports).hasSizeGreaterThan(10_000 / TICK_MS);
        assertThat(replicator.held).isEmpty();
    }

    @Test
    void aFollowerReportsASignOfLifeTwiceSinceAReportMayBeLost() {
        SequencerFixture.Client client = fixture.session();
        replicator.become(Role.FOLLOWER);
        fixture.pass(2 * TICK_MS);
        client.send(1, new ExistsRequest("/", false));
        replicator.reports.clear();
        fixture.pass(2 * TICK_MS);

        assertThat(replicator.reports).hasSize(4);
        assertThat(replicator.reports.subList(0, 2))
                .allSatisfy(report ->
                        assertThat(report).containsExactly(client.handshake().sessionId()));
        assertThat(replicator.reports.subList(2, 4))
                .allSatisfy(report -> assertThat(report).isEmpty());
    }

    @Test
    void aFollowerReportsWhomItHasHeardOfEvenIfTheConnectionIsGone() {
        SequencerFixture.Client client = fixture.session();
        replicator.become(Role.FOLLOWER);
        fixture.pass(2 * TICK_MS);
        client.send(1, new ExistsRequest("/", false));
        client.disconnect();
        replicator.reports.clear();
        fixture.pass(2 * TICK_MS);

        assertThat(replicator.reports.stream().flatMap(List::stream))
                .containsExactly(
                        client.handshake().sessionId(), client.handshake().sessionId());
    }

    @Test
    void aGapInTheReportsOfAFollowerRenewsItsSessions() {
        SequencerFixture.Client here = fixture.session();
        SequencerFixture.Client there = fixture.session();
        here.disconnect();
        there.disconnect();
        replicator.touchFrom(1, here.handshake().sessionId());
        replicator.touchFrom(2, there.handshake().sessionId());
        report(1_500, 1, 2);
        report(150, 2);
        report(700, 1, 2);

        assertThat(replicator.held).hasSize(1);
        assertThat(replicator.held.getFirst().command())
                .isInstanceOfSatisfying(
                        Command.CloseSession.class,
                        end -> assertThat(end.sessionId())
                                .isEqualTo(there.handshake().sessionId()));
    }

    @Test
    void aSessionThatNobodyHasReportedYetWaitsForAFollowerThatHasFallenSilent() {
        SequencerFixture.Client client = fixture.session();
        client.disconnect();
        report(1_000, 1, 2);
        report(2_900, 2);
        assertThat(replicator.held).isEmpty();
        report(500, 2);
        assertThat(replicator.held).hasSize(1);
    }

    /** Followers report, for a while, that they have heard of nobody. */
    private void report(long ms, int... followers) {
        for (long passed = 0; passed < ms; passed += TICK_MS / 2) {
            fixture.pass(TICK_MS / 2);
            for (int each : followers) {
                replicator.touchFrom(each);
            }
        }
    }

    @Test
    void theSessionsOfAFollowerThatFallsSilentGetOneMoreFullTimeout() {
        SequencerFixture.Client client = fixture.session();
        client.disconnect();
        fixture.pass(500);
        replicator.touch(client.handshake().sessionId());
        fixture.pass(3_900);
        assertThat(replicator.held).isEmpty();
        fixture.pass(500);
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void theLeaderKeepsTheSessionsThatFollowersReport() {
        SequencerFixture.Client client = fixture.session();
        client.disconnect();
        for (int i = 0; i < 5; i++) {
            fixture.pass(1_900);
            replicator.touch(client.handshake().sessionId(), 0x77);
        }
        assertThat(replicator.held).isEmpty();
        for (int i = 0; i < 2_200 / TICK_MS; i++) {
            fixture.pass(TICK_MS);
            replicator.touch();
        }
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void aNewLeaderGivesEachSessionItsFullTimeout() {
        SequencerFixture.Client client = fixture.session();
        client.disconnect();
        for (int i = 0; i < 5; i++) {
            fixture.pass(1_900);
            replicator.become(i % 2 == 0 ? Role.FOLLOWER : Role.LEADER);
            replicator.become(Role.LEADER);
        }
        assertThat(replicator.held).isEmpty();
        fixture.pass(1_900);
        assertThat(replicator.held).isEmpty();
        fixture.pass(300);
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void aServerWithoutALeaderServesNobody() {
        SequencerFixture.Client client = fixture.session();
        SequencerFixture.Client opening = fixture.client();
        opening.connect(0, new byte[16]);
        replicator.become(Role.LOOKING);
        SequencerFixture.Client late = fixture.client();
        late.connect(0, new byte[16]);

        assertThat(client.take()).containsExactly("cut");
        assertThat(client.connection.takesRequests()).isFalse();
        assertThat(late.take()).containsExactly("cut");
        replicator.commitAll();
        assertThat(opening.take()).containsExactly("cut");

        replicator.become(Role.FOLLOWER);
        SequencerFixture.Client again = back(client);
        replicator.commitAll();
        assertThat(again.handshake().sessionId()).isEqualTo(client.handshake().sessionId());
    }

    @Test
    void aClientThatIsNotReadForItsWritesIsReportedByAFollower() {
        SequencerFixture small = new SequencerFixture(new Limits(2, 1_000, 100, 10_000));
        SequencerFixture.Client client = small.session();
        small.replicator.become(Role.FOLLOWER);
        client.send(1, Commands.create("/a", 0));
        client.send(2, Commands.create("/b", 0));
        small.pass(TICK_MS);
        small.replicator.reports.clear();
        small.pass(10 * TICK_MS);

        assertThat(small.replicator.reports)
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(report ->
                        assertThat(report).containsExactly(client.handshake().sessionId()));
    }

    @Test
    void aClientThatTakesNoRepliesIsNotReportedByAFollower() {
        SequencerFixture small = new SequencerFixture(new Limits(4, 1_000, 100, 10_000));
        SequencerFixture.Client client = small.session();
        small.replicator.become(Role.FOLLOWER);
        leaveRepliesWaiting(client, small);
        small.pass(TICK_MS);
        small.replicator.reports.clear();
        small.pass(3 * TICK_MS);

        assertThat(small.replicator.reports)
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report).isEmpty());
    }

    @Test
    void anExpiryThatIsRefusedIsProposedAgain() {
        SequencerFixture.Client client = fixture.session();
        fixture.pass(2_200);
        replicator.refuseLast();
        client.send(-2, PingRequest.INSTANCE);
        fixture.pass(1_900);
        client.send(-2, PingRequest.INSTANCE);
        fixture.pass(1_900);
        assertThat(replicator.held).isEmpty();
        fixture.pass(300);
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void aSessionWhoseClientIsGoneBeforeItKnewOfItIsEnded() {
        SequencerFixture.Client client = fixture.client();
        client.connect(0, new byte[16]);
        client.disconnect();
        replicator.commitNext();
        assertThat(fixture.state.sessions().size()).isEqualTo(1);
        replicator.commitAll();
        assertThat(fixture.state.sessions().size()).isZero();
    }

    @Test
    void anAdministratorEndsASessionThroughTheLog() {
        SequencerFixture.Client client = fixture.session();
        AtomicReference<Boolean> ended = new AtomicReference<>();
        fixture.sequencer.expireSession(client.handshake().sessionId(), ended::set);
        assertThat(ended).hasNullValue();
        replicator.commitAll();

        assertThat(ended).hasValue(true);
        assertThat(client.take()).containsExactly("closed");
        fixture.sequencer.expireSession(client.handshake().sessionId(), ended::set);
        assertThat(ended).hasValue(false);
    }
}
