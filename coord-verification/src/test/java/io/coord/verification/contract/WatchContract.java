package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ErrorResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which watch tells what, how often and in which order. */
abstract class WatchContract extends ServerContract {
    private static final int PERSISTENT = 0;
    private static final int RECURSIVE = 1;
    private static final int CHILDREN = 1;
    private static final int DATA = 2;
    private static final int ANY = 3;
    private static final int ONLY_PERSISTENT = 4;
    private static final int ONLY_RECURSIVE = 5;

    private RawSession watcher;

    @BeforeEach
    void openWatcher() {
        watcher = newSession();
    }

    @Test
    void dataWatchTellsOfOneChange() {
        watcher.ok(Operation.getData(root, true));
        setData(root, "1");
        setData(root, "2");
        assertThat(watcher.takeEvents()).containsExactly("NodeDataChanged " + root);
    }

    @Test
    void existsWatchWaitsForCreation() {
        assertThat(watcher.call(Operation.exists(root + "/a", true)).error()).isEqualTo(Errors.NO_NODE);
        create(root + "/a");
        setData(root + "/a", "1");
        assertThat(watcher.takeEvents()).containsExactly("NodeCreated " + root + "/a");
    }

    @Test
    void existsWatchOnAZnodeTellsOfChangeAndDeletion() {
        create(root + "/a");
        create(root + "/b");
        watcher.ok(Operation.exists(root + "/a", true));
        watcher.ok(Operation.exists(root + "/b", true));
        setData(root + "/a", "1");
        delete(root + "/b");
        assertThat(watcher.takeEvents())
                .containsExactly("NodeDataChanged " + root + "/a", "NodeDeleted " + root + "/b");
    }

    @Test
    void getDataOfAMissingZnodeLeavesNoWatch() {
        assertThat(watcher.call(Operation.getData(root + "/a", true)).error()).isEqualTo(Errors.NO_NODE);
        assertThat(watcher.call(Operation.getChildren(root + "/a", true)).error())
                .isEqualTo(Errors.NO_NODE);
        create(root + "/a");
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void childWatchTellsOfCreationOrDeletionOfAChildOnce() {
        watcher.ok(Operation.getChildren(root, true));
        create(root + "/a");
        create(root + "/b");
        watcher.ok(Operation.getChildren2(root, true));
        delete(root + "/a");
        delete(root + "/b");
        assertThat(watcher.takeEvents()).containsExactly("NodeChildrenChanged " + root, "NodeChildrenChanged " + root);
    }

    @Test
    void childWatchTellsNothingOfDataOrGrandchildren() {
        create(root + "/a");
        watcher.ok(Operation.getChildren(root, true));
        setData(root, "1");
        setData(root + "/a", "1");
        create(root + "/a/b");
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void childWatchTellsOfTheDeletionOfItsOwnZnode() {
        create(root + "/a");
        watcher.ok(Operation.getChildren(root + "/a", true));
        delete(root + "/a");
        assertThat(watcher.takeEvents()).containsExactly("NodeDeleted " + root + "/a");
    }

    @Test
    void dataAndChildWatchOnOneZnodeGiveOneDeletion() {
        create(root + "/a");
        watcher.ok(Operation.getData(root + "/a", true));
        watcher.ok(Operation.getChildren(root + "/a", true));
        delete(root + "/a");
        create(root + "/a");
        assertThat(watcher.takeEvents()).containsExactly("NodeDeleted " + root + "/a");
    }

    @Test
    void tellsOnceHoweverOftenItWasArmed() {
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.exists(root, true));
        watcher.ok(Operation.getData(root, true));
        setData(root, "1");
        assertThat(watcher.takeEvents()).containsExactly("NodeDataChanged " + root);
    }

    @Test
    void aReadWithoutWatchDisarmsNothing() {
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.getData(root, false));
        setData(root, "1");
        assertThat(watcher.takeEvents()).hasSize(1);
    }

    @Test
    void setAclTellsNobody() {
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        session.ok(Operation.setAcl(root, ZooDefs.Ids.OPEN_ACL_UNSAFE, -1));
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void tellsCreationOfTheChildBeforeTheChangeOfTheParent() {
        watcher.ok(Operation.getChildren(root, true));
        watcher.call(Operation.exists(root + "/a", true));
        create(root + "/a");
        assertThat(watcher.takeEvents()).containsExactly("NodeCreated " + root + "/a", "NodeChildrenChanged " + root);
        watcher.ok(Operation.getChildren(root, true));
        watcher.ok(Operation.exists(root + "/a", true));
        delete(root + "/a");
        assertThat(watcher.takeEvents()).containsExactly("NodeDeleted " + root + "/a", "NodeChildrenChanged " + root);
    }

    @Test
    void persistentWatchTellsOfDataAndChildrenAgainAndAgain() {
        Frame reply = watcher.ok(Operation.addWatch(root, PERSISTENT));
        assertThat(reply.into(new ErrorResponse()).getErr()).isZero();
        setData(root, "1");
        setData(root, "2");
        create(root + "/a");
        create(root + "/a/b");
        delete(root + "/a/b");
        delete(root + "/a");
        assertThat(watcher.takeEvents())
                .containsExactly(
                        "NodeDataChanged " + root,
                        "NodeDataChanged " + root,
                        "NodeChildrenChanged " + root,
                        "NodeChildrenChanged " + root);
    }

    @Test
    void persistentWatchOutlivesItsZnode() {
        watcher.ok(Operation.addWatch(root + "/a", PERSISTENT));
        create(root + "/a");
        delete(root + "/a");
        create(root + "/a");
        setData(root + "/a", "1");
        assertThat(watcher.takeEvents())
                .containsExactly(
                        "NodeCreated " + root + "/a",
                        "NodeDeleted " + root + "/a",
                        "NodeCreated " + root + "/a",
                        "NodeDataChanged " + root + "/a");
    }

    @Test
    void recursiveWatchTellsOfTheWholeTreeButNeverOfChildren() {
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        create(root + "/a");
        create(root + "/a/b");
        setData(root + "/a/b", "1");
        setData(root, "1");
        delete(root + "/a/b");
        delete(root + "/a");
        assertThat(watcher.takeEvents())
                .containsExactly(
                        "NodeCreated " + root + "/a",
                        "NodeCreated " + root + "/a/b",
                        "NodeDataChanged " + root + "/a/b",
                        "NodeDataChanged " + root,
                        "NodeDeleted " + root + "/a/b",
                        "NodeDeleted " + root + "/a");
    }

    @Test
    void recursiveWatchOnTheRootSeesEverything() {
        watcher.ok(Operation.addWatch("/", RECURSIVE));
        create(root + "/a");
        assertThat(watcher.takeEvents()).containsExactly("NodeCreated " + root + "/a");
    }

    @Test
    void recursiveWatchDoesNotSeeZnodesThatOnlyShareAPrefix() {
        create(root + "x");
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        setData(root + "x", "1");
        assertThat(watcher.takeEvents()).isEmpty();
        delete(root + "x");
    }

    @Test
    void overlappingWatchesOfOneConnectionGiveOneEvent() {
        create(root + "/a");
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        watcher.ok(Operation.addWatch(root + "/a", PERSISTENT));
        watcher.ok(Operation.getData(root + "/a", true));
        setData(root + "/a", "1");
        delete(root + "/a");
        assertThat(watcher.takeEvents())
                .containsExactly("NodeDataChanged " + root + "/a", "NodeDeleted " + root + "/a");
    }

    @Test
    void persistentAndOneShotChildWatchGiveOneEvent() {
        watcher.ok(Operation.addWatch(root, PERSISTENT));
        watcher.ok(Operation.getChildren(root, true));
        create(root + "/a");
        create(root + "/b");
        assertThat(watcher.takeEvents()).containsExactly("NodeChildrenChanged " + root, "NodeChildrenChanged " + root);
    }

    @Test
    void theLaterModeReplacesTheEarlierOnOnePath() {
        watcher.ok(Operation.addWatch(root, PERSISTENT));
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        create(root + "/a");
        List<String> events = watcher.takeEvents();
        assertThat(events).contains("NodeCreated " + root + "/a");
        delete(root + "/a");
        assertThat(watcher.takeEvents()).contains("NodeDeleted " + root + "/a");
    }

    @Test
    void addWatchRefusesUnknownModes() {
        Frame reply = watcher.call(Operation.addWatch(root, 2));
        assertThat(reply.error()).isEqualTo(Errors.MARSHALLING_ERROR);
    }

    @Test
    void headerOfAnEventCarriesTheZxidOfItsChange() {
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        long created = session.ok(Operation.create(root + "/a", null, 0)).zxid();
        long changed = session.ok(Operation.setData(root + "/a", null, -1)).zxid();
        List<Frame> events = watcher.awaitEvents(2);
        assertThat(events).extracting(Frame::zxid).containsExactly(created, changed);
        assertThat(events).extracting(Frame::error).containsOnly(0);
        assertThat(events).extracting(Frame::xid).containsOnly(-1);
    }

    @Test
    void tellsInZxidOrderAndLosesNothingWhileManyWrite() {
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        RawSession other = newSession();
        int rounds = 100;
        for (int i = 0; i < rounds; i++) {
            session.send(Operation.create(root + "/a" + i, null, 0));
            other.send(Operation.setData(root, null, -1));
            session.send(Operation.delete(root + "/a" + i, -1));
        }
        List<Frame> events = watcher.awaitEvents(rounds * 3);
        assertThat(events).extracting(Frame::zxid).isSorted().doesNotHaveDuplicates();
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void eventsOfOneMultiComeInItsOrder() {
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        Frame reply = session.ok(Operation.multi(
                Op.create(root + "/b", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0),
                Op.create(root + "/a", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0),
                Op.setData(root + "/b", null, -1),
                Op.delete(root + "/a", -1)));
        List<Frame> events = watcher.awaitEvents(4);
        assertThat(events.stream().map(Frame::event))
                .containsExactly(
                        "NodeCreated " + root + "/b",
                        "NodeCreated " + root + "/a",
                        "NodeDataChanged " + root + "/b",
                        "NodeDeleted " + root + "/a");
        assertThat(events).extracting(Frame::zxid).containsOnly(reply.zxid());
    }

    @Test
    void closingASessionTellsOfEachEphemeral() {
        RawSession owner = newSession();
        owner.ok(Operation.create(root + "/e1", null, Operation.EPHEMERAL));
        owner.ok(Operation.create(root + "/e2", null, Operation.EPHEMERAL));
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        watcher.ok(Operation.getChildren(root, true));
        long zxid = owner.ok(Operation.closeSession()).zxid();
        List<Frame> events = watcher.awaitEvents(3);
        assertThat(events.stream().map(Frame::event))
                .containsExactlyInAnyOrder(
                        "NodeDeleted " + root + "/e1", "NodeDeleted " + root + "/e2", "NodeChildrenChanged " + root);
        assertThat(events).extracting(Frame::zxid).containsOnly(zxid);
    }

    @Test
    void removeWatchesDisarmsTheTypeItNames() {
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.getChildren(root, true));
        assertThat(watcher.ok(Operation.removeWatches(root, DATA)).body()).isEmpty();
        setData(root, "1");
        create(root + "/a");
        assertThat(watcher.takeEvents()).containsExactly("NodeChildrenChanged " + root);
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.getChildren(root, true));
        watcher.ok(Operation.removeWatches(root, CHILDREN));
        create(root + "/b");
        setData(root, "2");
        assertThat(watcher.takeEvents()).containsExactly("NodeDataChanged " + root);
    }

    @Test
    void removeWatchesOfAnyTypeDisarmsAll() {
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.getChildren(root, true));
        watcher.ok(Operation.removeWatches(root, ANY));
        create(root + "/a");
        setData(root, "1");
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void removeWatchesDisarmsPersistentOnes() {
        watcher.ok(Operation.addWatch(root, PERSISTENT));
        watcher.ok(Operation.removeWatches(root, ONLY_PERSISTENT));
        create(root + "/a");
        setData(root, "1");
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        watcher.ok(Operation.removeWatches(root, ONLY_RECURSIVE));
        create(root + "/b");
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void removeWatchesAnswersNoWatcherWhenThereIsNone() {
        for (int type = CHILDREN; type <= ONLY_RECURSIVE; type++) {
            assertThat(watcher.call(Operation.removeWatches(root, type)).error())
                    .as("type %d", type)
                    .isEqualTo(Errors.NO_WATCHER);
        }
        watcher.ok(Operation.getData(root, true));
        assertThat(watcher.call(Operation.removeWatches(root, CHILDREN)).error())
                .isEqualTo(Errors.NO_WATCHER);
        session.ok(Operation.getData(root, true));
        assertThat(newSession().call(Operation.removeWatches(root, DATA)).error())
                .isEqualTo(Errors.NO_WATCHER);
    }

    @Test
    void removeWatchesRefusesUnknownTypes() {
        watcher.ok(Operation.getData(root, true));
        assertThat(watcher.call(Operation.removeWatches(root, 9)).error()).isEqualTo(Errors.MARSHALLING_ERROR);
    }

    @Test
    void tellsNothingOfZnodesThatTheWatcherMayNotRead() {
        byte[] secret = bytes("bob:secret");
        session.authenticate("digest", secret);
        watcher.ok(Operation.addWatch(root, RECURSIVE));
        session.ok(Operation.create(root + "/hidden", null, ZooDefs.Ids.CREATOR_ALL_ACL, 0));
        setData(root + "/hidden", "1");
        create(root + "/open");
        delete(root + "/hidden");
        assertThat(watcher.takeEvents()).containsExactly("NodeCreated " + root + "/open");

        watcher.authenticate("digest", secret);
        session.ok(Operation.create(root + "/hidden", null, ZooDefs.Ids.CREATOR_ALL_ACL, 0));
        assertThat(watcher.takeEvents()).containsExactly("NodeCreated " + root + "/hidden");
    }

    @Test
    void tellsNothingOfChildrenOfAParentThatTheWatcherMayNotRead() {
        session.authenticate("digest", bytes("bob:secret"));
        create(root + "/p");
        watcher.ok(Operation.getChildren(root + "/p", true));
        watcher.ok(Operation.getData(root + "/p", true));
        session.ok(Operation.setAcl(root + "/p", ZooDefs.Ids.CREATOR_ALL_ACL, -1));
        create(root + "/p/a");
        setData(root + "/p", "1");
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void watchesOfOneConnectionAreNotAnothers() {
        RawSession other = newSession();
        watcher.ok(Operation.getData(root, true));
        setData(root, "1");
        assertThat(other.takeEvents()).isEmpty();
        assertThat(watcher.takeEvents()).hasSize(1);
    }

    @Test
    void theSessionThatWritesIsToldBeforeItsReply() {
        session.ok(Operation.getData(root, true));
        int xid = session.send(Operation.setData(root, null, -1));
        Frame first = session.receive();
        assertThat(first.isEvent()).isTrue();
        Frame second = session.receive();
        assertThat(second.xid()).isEqualTo(xid);
        assertThat(second.zxid()).isEqualTo(first.zxid());
    }

    @Test
    void watchesGoWithTheirConnection() {
        watcher.ok(Operation.getData(root, true));
        RawSession again = keep(RawSession.reattach(server().port(), watcher, 0));
        assertThat(again.id()).isEqualTo(watcher.id());
        setData(root, "1");
        assertThat(again.takeEvents()).isEmpty();
    }
}
