package io.coord.server.internal.pipeline;

import static io.coord.server.internal.state.Commands.setData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.GetAclResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.SyncResponse;
import io.coord.server.internal.auth.FakeCertificate;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.state.Commands;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class RequestSequencerTest {
    private final SequencerFixture fixture = new SequencerFixture(new Limits(8, 1_000, 20, 3_000));
    private final HeldReplicator replicator = fixture.replicator;
    private final SequencerFixture.Client client = fixture.session();

    @Test
    void aReadIsAnsweredAtOnceWithTheLastAppliedZxid() {
        client.send(1, new ExistsRequest("/", false));
        client.send(2, new ExistsRequest("/gone", false));

        assertThat(client.take()).containsExactly("1 OK 1", "2 NO_NODE 1");
    }

    @Test
    void aWriteIsAnsweredWhenItIsAppliedAndNotBefore() {
        client.send(1, Commands.create("/a", 0));
        assertThat(client.take()).isEmpty();
        replicator.commitNext();
        assertThat(client.take()).containsExactly("1 OK 2");
    }

    @Test
    void aReadWaitsForTheWritesOfItsOwnSessionAndSeesThem() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, setData("/a", 0));
        client.send(3, new GetDataRequest("/a", false));
        client.send(4, setData("/a", 7));
        client.send(5, new SyncRequest("/a"));
        replicator.commitNext();
        assertThat(client.take()).containsExactly("1 OK 2");
        replicator.commitNext();
        assertThat(client.take()).containsExactly("2 OK 3", "3 OK 3");
        assertThat(((GetDataResponse) client.outbound.responses.get(2)).stat().version())
                .isEqualTo(1);
        replicator.commitNext();
        assertThat(client.take()).containsExactly("4 BAD_VERSION 4", "5 OK 4");
    }

    @Test
    void aSyncGoesThroughTheLogWhereThereAreOtherServersAndReadsWaitForIt() {
        replicator.shared = true;
        client.send(1, new SyncRequest("/a"));
        client.send(2, new ExistsRequest("/a", false));
        assertThat(replicator.held.element().command()).isInstanceOf(Command.Barrier.class);
        assertThat(client.take()).isEmpty();

        replicator.commitForeign(
                new Command.Write(1, client.connection.session.id(), 1, List.of(), Commands.create("/a", 0)));
        replicator.commitNext();

        assertThat(client.take()).containsExactly("1 OK 2", "2 OK 2");
        assertThat(client.outbound.responses).element(0).isEqualTo(new SyncResponse("/a"));
    }

    @Test
    void aSyncOfUnknownFateEndsTheConnection() {
        replicator.shared = true;
        client.send(1, new SyncRequest("/a"));
        replicator.loseNext();

        assertThat(client.take()).containsExactly("cut");
    }

    @Test
    void aReadDoesNotWaitForWritesOfOthers() {
        SequencerFixture.Client other = fixture.session();
        client.send(1, Commands.create("/a", 0));
        other.send(1, new ExistsRequest("/a", false));

        assertThat(other.take()).containsExactly("1 NO_NODE 2");
    }

    @Test
    void pingsAreAnsweredOutOfTurn() {
        client.send(1, Commands.create("/a", 0));
        client.send(-2, PingRequest.INSTANCE);

        assertThat(client.take()).containsExactly("-2 OK 1");
    }

    @Test
    void aCertificateIsAnIdentityOfItsConnection() {
        X509Certificate[] chain = {
            new FakeCertificate(new X500Principal("CN=ann")), new FakeCertificate(new X500Principal("CN=issuer"))
        };
        fixture.sequencer.onCertificate(client.connection, chain[0]);
        client.send(1, new CreateRequest(OpCode.CREATE, "/anns", null, Acl.CREATOR_ALL, 0));
        replicator.commitNext();
        client.send(2, new GetDataRequest("/anns", false));
        assertThat(client.take()).containsExactly("1 OK 2", "2 OK 2");

        SequencerFixture.Client other = fixture.session();
        other.send(1, new GetDataRequest("/anns", false));
        assertThat(other.take()).containsExactly("1 NO_AUTH 3");
    }

    @Test
    void badRequestsAreAnsweredInTheirTurn() {
        client.send(1, Commands.create("/a", 0));
        fixture.sequencer.onMalformedRequest(client.connection, 2);
        client.send(3, new ReconfigRequest(null, null, null, -1));
        client.send(4, new ExistsRequest("/", false));
        fixture.sequencer.onUnknownRequest(client.connection, 5);
        assertThat(client.take()).isEmpty();
        replicator.commitNext();

        assertThat(client.take())
                .containsExactly(
                        "1 OK 2",
                        "2 MARSHALLING_ERROR 2",
                        "3 RECONFIG_DISABLED 2",
                        "4 OK 2",
                        "5 UNIMPLEMENTED 2",
                        "closed");
    }

    @Test
    void aCheckOutsideAMultiIsNoOperation() {
        client.send(1, new CheckVersionRequest("/", -1));
        assertThat(client.take()).containsExactly("1 UNIMPLEMENTED 1", "closed");
        assertThat(client.connection.takesRequests()).isFalse();
    }

    @Test
    void aRefusedWriteIsAnErrorInItsTurnAndTheConnectionStays() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, Commands.create("/b", 0));
        replicator.refuseLast();
        assertThat(client.take()).isEmpty();
        replicator.commitNext();

        assertThat(client.take()).containsExactly("1 OK 2", "2 THROTTLED_OP 2");
        client.send(3, new ExistsRequest("/b", false));
        assertThat(client.take()).containsExactly("3 NO_NODE 2");
    }

    @Test
    void aWriteOfUnknownFateCutsTheConnectionWithoutAnAnswer() {
        client.send(1, Commands.create("/a", 0));
        replicator.loseNext();

        assertThat(client.take()).containsExactly("cut");
    }

    @Test
    void eventsPrecedeTheReplyOfTheWriteThatCausedThemAndFollowTheReplyThatArmedThem() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, new GetDataRequest("/a", true));
        client.send(3, setData("/a", -1));
        client.send(4, new GetDataRequest("/a", false));
        replicator.commitAll();

        assertThat(client.take()).containsExactly("1 OK 2", "2 OK 2", "NODE_DATA_CHANGED /a 3", "3 OK 3", "4 OK 3");
    }

    @Test
    void aWatchIsArmedWhenTheReadHasItsTurn() {
        SequencerFixture.Client other = fixture.session();
        client.send(1, Commands.create("/a", 0));
        client.send(2, new ExistsRequest("/b", true));
        other.send(1, Commands.create("/b", 0));
        replicator.commitAll();

        assertThat(client.take()).containsExactly("1 OK 3", "2 NO_NODE 3", "NODE_CREATED /b 4");
    }

    @Test
    void aWatchIsNotArmedByAReadThatIsRefused() {
        client.send(
                1,
                new CreateRequest(OpCode.CREATE, "/s", null, List.of(new Acl(Acl.ALL, new Id("digest", "ann:x"))), 0));
        replicator.commitAll();
        client.send(2, new ExistsRequest("/s", true));
        client.send(3, new GetDataRequest("/s", true));
        client.send(4, new GetDataRequest("/gone", true));

        assertThat(fixture.sequencer.load().watches()).isZero();
        assertThat(client.take()).containsExactly("1 OK 2", "2 NO_AUTH 2", "3 NO_AUTH 2", "4 NO_NODE 2");
    }

    @Test
    void anUnknownWatchModeIsMalformed() {
        client.send(1, new AddWatchRequest("/", 7));
        assertThat(client.take()).containsExactly("1 MARSHALLING_ERROR 1");
    }

    @Test
    void addauthBelongsToTheConnectionAndIsAnsweredWithZxidZero() {
        client.send(-4, new AuthPacket(0, "digest", "user:pass".getBytes(StandardCharsets.UTF_8)));
        client.send(1, new CreateRequest(OpCode.CREATE, "/mine", null, Acl.CREATOR_ALL, 0));
        client.send(2, new GetAclRequest("/mine"));
        replicator.commitAll();

        assertThat(client.take()).containsExactly("-4 OK 0", "1 OK 2", "2 OK 2");
        assertThat(client.outbound.responses.get(2))
                .isInstanceOfSatisfying(
                        GetAclResponse.class,
                        response -> assertThat(response.acl())
                                .containsExactly(
                                        new Acl(Acl.ALL, new Id("digest", "user:smGaoVKd/cQkjm7b88GyorAUz20="))));
    }

    @Test
    void anUnknownSchemeEndsTheConnection() {
        client.send(-4, new AuthPacket(0, "nonsense", new byte[0]));
        assertThat(client.take()).containsExactly("-4 AUTH_FAILED 0", "closed");
    }

    @Test
    void closingRepliesAndThenClosesTheConnection() {
        client.send(1, Commands.create("/e", 1));
        client.send(2, CloseSessionRequest.INSTANCE);
        replicator.commitAll();

        assertThat(client.take()).containsExactly("1 OK 2", "2 OK 3", "closed");
        assertThat(fixture.state.sessions().size()).isZero();
        assertThat(fixture.state.tree().get("/e")).isNull();
    }

    @Test
    void readingStopsAtTheLimitOfAConnectionAndGoesOnBelowHalfOfIt() {
        for (int i = 0; i < 8; i++) {
            client.send(i, Commands.create("/n" + i, 0));
        }
        assertThat(client.outbound.reading).isFalse();
        assertThat(client.connection.takesRequests()).isFalse();
        for (int i = 0; i < 3; i++) {
            replicator.commitNext();
        }
        assertThat(client.outbound.reading).isFalse();
        replicator.commitNext();
        assertThat(client.outbound.reading).isTrue();
        assertThat(client.connection.takesRequests()).isTrue();
    }

    @Test
    void whoeverWritesIsHeldUpAtTheLimitOfAllAndReadersAreNot() {
        List<SequencerFixture.Client> writers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SequencerFixture.Client writer = fixture.session();
            writers.add(writer);
        }
        for (SequencerFixture.Client each : writers) {
            each.send(1, Commands.create("/w" + writers.indexOf(each), 0));
        }
        assertThat(writers.get(18).outbound.reading).isTrue();
        assertThat(writers.get(19).outbound.reading).isFalse();
        client.send(1, new ExistsRequest("/", false));
        assertThat(client.outbound.reading).isTrue();
        replicator.commitAll();
        assertThat(writers.get(19).outbound.reading).isTrue();
        assertThat(writers.get(19).connection.takesRequests()).isTrue();
    }

    @Test
    void readingStopsAtTheBytesOfAConnectionToo() {
        client.send(1, Commands.create("/a", 0), 400);
        client.send(2, Commands.create("/b", 0), 400);
        assertThat(client.outbound.reading).isTrue();
        client.send(3, new GetDataRequest("/a", false), 400);
        assertThat(client.outbound.reading).isFalse();
        replicator.commitNext();
        assertThat(client.outbound.reading).isFalse();
        replicator.commitNext();
        assertThat(client.outbound.reading).isTrue();
        assertThat(client.take()).containsExactly("1 OK 2", "2 OK 3", "3 OK 3");
    }

    @Test
    void aLargeRequestWaitsUntilThereIsRoomForItAndSmallOnesDoNot() {
        SequencerFixture roomy = new SequencerFixture(new Limits(8, 100_000, 20, 10_000));
        SequencerFixture.Client first = roomy.session();
        SequencerFixture.Client second = roomy.session();
        SequencerFixture.Client third = roomy.session();
        first.send(1, Commands.create("/a", 0), 9_000);
        assertThat(roomy.sequencer.takes(second.connection, 5_000)).isFalse();
        assertThat(second.outbound.reading).isFalse();
        third.send(1, Commands.create("/b", 0), 500);
        roomy.replicator.commitAll();

        assertThat(second.outbound.reading).isTrue();
        second.send(1, Commands.create("/c", 0), 50_000);
        assertThat(roomy.sequencer.takes(third.connection, 5_000)).isFalse();
        roomy.replicator.commitAll();
        assertThat(third.outbound.reading).isTrue();
    }

    @Test
    void whateverBecomesOfARequestItsBytesAreGivenBack() {
        SequencerFixture roomy = new SequencerFixture(new Limits(8, 100_000, 20, 10_000));
        SequencerFixture.Client other = roomy.session();
        SequencerFixture.Client lost = roomy.session();
        lost.send(1, Commands.create("/a", 0), 3_000);
        lost.send(2, new GetDataRequest("/a", false), 3_000);
        lost.send(3, Commands.create("/b", 0), 1_000);
        lost.send(4, Commands.create("/c", 0), 1_000);
        assertThat(roomy.sequencer.takes(other.connection, 5_000)).isFalse();
        lost.disconnect();
        roomy.replicator.refuseLast();
        roomy.replicator.loseNext();
        roomy.replicator.commitAll();

        other.send(1, Commands.create("/d", 0), 50_000);
        roomy.replicator.commitAll();
        assertThat(other.take()).hasSize(1);
        // Nothing is left: only then is one larger than the limit taken.
        assertThat(roomy.sequencer.takes(other.connection, 50_000)).isTrue();
    }

    @Test
    void aCloseThatIsRefusedLetsTheSessionGoOn() {
        client.send(1, CloseSessionRequest.INSTANCE);
        assertThat(client.outbound.reading).isFalse();
        replicator.refuseLast();

        assertThat(client.take()).containsExactly("1 THROTTLED_OP 1");
        assertThat(client.outbound.reading).isTrue();
        client.send(-2, PingRequest.INSTANCE);
        assertThat(client.take()).containsExactly("-2 OK 1");
    }

    @Test
    void aReadThatFailsEndsItsConnectionOnly() {
        List<String> bomb = new AbstractList<>() {
            @Override
            public String get(int index) {
                throw new OutOfMemoryError("planted");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        SequencerFixture.Client other = fixture.session();
        client.send(1, Commands.create("/a", 0));
        client.send(2, new SetWatchesRequest(OpCode.SET_WATCHES, 1, bomb, List.of(), List.of(), List.of(), List.of()));
        client.send(3, new ExistsRequest("/", false));
        other.send(1, Commands.create("/b", 0));
        replicator.commitAll();

        assertThat(client.take()).containsExactly("1 OK 3", "cut");
        assertThat(other.take()).containsExactly("1 OK 4");
    }

    @Test
    void readsWaitWhileTheClientDoesNotTakeItsReplies() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, new GetDataRequest("/a", false));
        client.send(3, new GetDataRequest("/a", false));
        client.outbound.full = true;
        replicator.commitNext();
        assertThat(client.take()).containsExactly("1 OK 2");
        client.outbound.full = false;
        fixture.sequencer.onWritable(client.connection);
        assertThat(client.take()).containsExactly("2 OK 2", "3 OK 2");
    }

    @Test
    void whatALostConnectionHadUnderWayIsAppliedAndToldNobody() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, new ExistsRequest("/a", true));
        client.disconnect();
        replicator.commitAll();

        assertThat(client.take()).isEmpty();
        assertThat(fixture.state.tree().get("/a")).isNotNull();
        assertThat(fixture.sequencer.load()).isEqualTo(new RequestSequencer.Load(0, 0, 0, 0, 0));
    }

    @Test
    void stampsWritesWithTheWallClock() {
        fixture.clock.setWall(12_345);
        client.send(1, Commands.create("/a", 0));

        assertThat(replicator.held.getLast().command().timeMs()).isEqualTo(12_345);
    }

    @Test
    void emptiedContainersAreRemovedOnceEach() {
        client.send(1, Commands.container("/c"));
        client.send(2, Commands.create("/c/x", 0));
        client.send(3, Commands.delete("/c/x"));
        replicator.commitAll();
        fixture.sequencer.onContainerCheck(0);
        fixture.sequencer.onContainerCheck(0);

        assertThat(replicator.held)
                .extracting(HeldReplicator.Submitted::command)
                .containsExactly(new Command.ReapZnode(fixture.clock.wallMs(), "/c", 0));
        replicator.commitAll();
        fixture.sequencer.onContainerCheck(0);
        assertThat(replicator.held).isEmpty();
        assertThat(fixture.state.tree().get("/c")).isNull();
    }

    @Test
    void removalsComeInSmallBatchesAndNoMoreThanTheirNumberForAMinute() {
        int total = ZnodeReaper.PER_MINUTE + 500;
        for (int i = 0; i < total; i++) {
            client.send(i + 1, Commands.ttl("/t" + i, 5, 10));
            replicator.commitAll();
        }
        client.take();
        fixture.clock.pass(11);
        fixture.sequencer.onContainerCheck(0);
        assertThat(replicator.held).hasSize(ZnodeReaper.BATCH);
        client.send(1, Commands.create("/in-between", 0));
        int largest = 0;
        while (!replicator.held.isEmpty()) {
            replicator.commitNext();
            largest = Math.max(largest, replicator.held.size());
        }
        assertThat(largest).isLessThanOrEqualTo(ZnodeReaper.BATCH + 1);
        assertThat(fixture.state.tree().reapingCount()).isEqualTo(500);

        fixture.clock.pass(600);
        fixture.sequencer.onContainerCheck(0);
        replicator.commitAll();
        assertThat(fixture.state.tree().reapingCount()).isEqualTo(400);
    }

    @Test
    void aRefusedRemovalIsTriedAgainAtTheNextCheckOnly() {
        client.send(1, Commands.ttl("/t", 5, 10));
        replicator.commitAll();
        fixture.clock.pass(11);
        fixture.sequencer.onContainerCheck(0);
        replicator.refuseLast();
        assertThat(replicator.held).isEmpty();

        fixture.sequencer.onContainerCheck(0);
        replicator.commitAll();
        assertThat(fixture.state.tree().get("/t")).isNull();
    }

    @Test
    void onlyTheLeaderRemoves() {
        client.send(1, Commands.ttl("/t", 5, 10));
        replicator.commitAll();
        fixture.clock.pass(11);
        replicator.become(Role.FOLLOWER);
        fixture.sequencer.onContainerCheck(0);
        assertThat(replicator.held).isEmpty();

        replicator.become(Role.LEADER);
        fixture.sequencer.onContainerCheck(0);
        assertThat(replicator.held).hasSize(1);
    }

    @Test
    void aRemovalTellsWatchersAsADeletionDoes() {
        client.send(1, Commands.ttl("/t", 5, 10));
        replicator.commitAll();
        client.send(2, new ExistsRequest("/t", true));
        client.send(3, new GetChildrenRequest(OpCode.GET_CHILDREN, "/", true));
        client.take();
        fixture.clock.pass(11);
        fixture.sequencer.onContainerCheck(0);
        replicator.commitAll();

        assertThat(client.take()).containsExactly("NODE_DELETED /t 3", "NODE_CHILDREN_CHANGED / 3");
    }

    @Test
    void aReadWhoseResponseIsTooLongGetsAnErrorInItsTurn() {
        client.send(1, Commands.create("/a", 0));
        replicator.commitAll();
        client.take();
        client.outbound.tooLong = GetDataResponse.class;
        client.send(3, setData("/b", -1));
        client.send(4, new GetDataRequest("/a", false));
        client.send(5, new ExistsRequest("/a", false));
        replicator.commitAll();

        assertThat(client.take()).containsExactly("3 NO_NODE 3", "4 MARSHALLING_ERROR 3", "5 OK 3");
        assertThat(fixture.sequencer.refusedResponses()).isEqualTo(1);
    }

    @Test
    void aMultiWhoseResponseCouldBeTooLongIsRefusedBeforeItHappens() {
        client.outbound.maxResponseBytes = 16 + 9 + 2 * (9 + 68);
        MultiRequest fits = new MultiRequest(List.of(setData("/", -1), setData("/", -1)));
        MultiRequest tooLong =
                new MultiRequest(List.of(setData("/", -1), setData("/", -1), new DeleteRequest("/x", -1)));
        client.send(1, fits, 60);
        client.send(2, tooLong, 80);
        replicator.commitAll();

        assertThat(client.take()).containsExactly("1 OK 2", "2 MARSHALLING_ERROR 2");
        assertThat(fixture.state.lastZxid()).isEqualTo(2);
    }

    @Test
    void anotherThreadIsThrownOut() {
        CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(
                () -> fixture.sequencer.onRequest(client.connection, 1, PingRequest.INSTANCE, 8));

        assertThatThrownBy(elsewhere::join).hasCauseInstanceOf(IllegalStateException.class);
    }
}
