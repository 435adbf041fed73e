package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.WhoAmIResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may ask about itself and about the size of a tree. */
abstract class SessionReadsContract extends ServerContract {
    @Test
    void countsWhatIsBelowAtAnyDepth() {
        assertThat(count(root)).isZero();
        create(root + "/a");
        create(root + "/a/b");
        create(root + "/a/b/c");
        create(root + "/ab");
        create(root + "/a/e", Operation.EPHEMERAL);
        assertThat(count(root)).isEqualTo(5);
        assertThat(count(root + "/a")).isEqualTo(3);
        assertThat(count(root + "/a/b/c")).isZero();
        delete(root + "/a/b/c");
        assertThat(count(root)).isEqualTo(4);
        int all = count("/");
        create(root + "/x");
        assertThat(count("/")).isEqualTo(all + 1);
    }

    @Test
    void countsForThoseWhoMayReadTheNode() {
        session.ok(Operation.create(
                root + "/closed", null, List.of(new ACL(ZooDefs.Perms.CREATE, new Id("world", "anyone"))), 0));
        create(root + "/closed/child");
        assertThat(error(Operation.getAllChildrenNumber(root + "/closed"))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.getAllChildrenNumber(root + "/gone"))).isEqualTo(Errors.NO_NODE);
        assertThat(count(root)).as("what may not be read is counted").isEqualTo(2);
    }

    @Test
    void namesTheEphemeralsOfTheSessionOnly() {
        RawSession other = newSession();
        other.ok(Operation.create(root + "/other", null, Operation.EPHEMERAL));
        create(root + "/p");
        create(root + "/p/e", Operation.EPHEMERAL);
        create(root + "/e1", Operation.EPHEMERAL);
        session.ok(Operation.createTtl(root + "/t", null, Operation.TTL, 1_000_000));
        session.ok(Operation.createContainer(root + "/c"));
        assertThat(ephemerals(root)).containsExactlyInAnyOrder(root + "/p/e", root + "/e1");
        assertThat(ephemerals(root + "/p")).containsExactly(root + "/p/e");
        assertThat(ephemerals(root + "/e"))
                .as("a beginning of a path, no parent")
                .containsExactly(root + "/e1");
        assertThat(ephemerals(root + "/none")).isEmpty();
        delete(root + "/e1");
        assertThat(ephemerals(root)).containsExactly(root + "/p/e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/", " / "})
    void namesAllOfThemForTheRootAndForNothing(String prefix) {
        create(root + "/e", Operation.EPHEMERAL);
        assertThat(ephemerals(prefix)).containsExactly(root + "/e");
        assertThat(ephemerals(null)).containsExactly(root + "/e");
    }

    @Test
    void namesEphemeralsWithoutAskingTheAcl() {
        session.ok(Operation.create(
                root + "/e",
                null,
                List.of(new ACL(ZooDefs.Perms.WRITE, new Id("world", "anyone"))),
                Operation.EPHEMERAL));
        assertThat(ephemerals(root)).containsExactly(root + "/e");
    }

    @ParameterizedTest
    @EnumSource(WatcherType.class)
    void knowsWhichWatchesAreThere(WatcherType asked) {
        assertThat(error(check("", asked))).isEqualTo(Errors.NO_WATCHER);
        create(root + "/data");
        create(root + "/children");
        session.ok(Operation.getData(root + "/data", true));
        session.ok(Operation.getChildren(root + "/children", true));
        assertThat(error(Operation.exists(root + "/missing", true))).isEqualTo(Errors.NO_NODE);
        session.ok(Operation.addWatch(root + "/persistent", 0));
        session.ok(Operation.addWatch(root + "/recursive", 1));

        boolean any = asked == WatcherType.Any;
        assertThat(isWatched("/data", asked)).isEqualTo(any || asked == WatcherType.Data);
        assertThat(isWatched("/missing", asked)).isEqualTo(any || asked == WatcherType.Data);
        assertThat(isWatched("/children", asked)).isEqualTo(any || asked == WatcherType.Children);
        assertThat(isWatched("/persistent", asked)).isEqualTo(any || asked == WatcherType.Persistent);
        assertThat(isWatched("/recursive", asked)).isEqualTo(any || asked == WatcherType.PersistentRecursive);
        assertThat(isWatched("/recursive/below", asked)).isFalse();
        assertThat(newSession().call(check("/data", asked)).error()).isEqualTo(Errors.NO_WATCHER);
    }

    @Test
    void askingForAWatchLeavesItThere() {
        session.ok(Operation.getData(root, true));
        assertThat(isWatched("", WatcherType.Data)).isTrue();
        assertThat(isWatched("", WatcherType.Data)).isTrue();
        newSession().ok(Operation.setData(root, null, -1));
        assertThat(session.takeEvents()).containsExactly("NodeDataChanged " + root);
        assertThat(isWatched("", WatcherType.Data)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, -1})
    void refusesAnUnknownKindOfWatch(int type) {
        assertThat(error(Operation.checkWatches(root, type))).isEqualTo(Errors.MARSHALLING_ERROR);
    }

    @Test
    void tellsWhoAsks() {
        assertThat(whoAmI()).containsExactly(new ClientInfo("ip", "127.0.0.1"));
        session.authenticate("digest", bytes("bob:secret"));
        session.authenticate("digest", bytes("ann:other"));
        assertThat(whoAmI())
                .containsExactlyInAnyOrder(
                        new ClientInfo("ip", "127.0.0.1"),
                        new ClientInfo("digest", "bob"),
                        new ClientInfo("digest", "ann"));
    }

    private int count(String path) {
        return session.ok(Operation.getAllChildrenNumber(path))
                .into(new GetAllChildrenNumberResponse())
                .getTotalNumber();
    }

    private List<String> ephemerals(String prefix) {
        return session.ok(Operation.getEphemerals(prefix))
                .into(new GetEphemeralsResponse())
                .getEphemerals();
    }

    private List<ClientInfo> whoAmI() {
        return session.ok(Operation.whoAmI()).into(new WhoAmIResponse()).getClientInfo();
    }

    private Operation check(String name, WatcherType type) {
        return Operation.checkWatches(root + name, type.getIntValue());
    }

    private boolean isWatched(String name, WatcherType type) {
        int error = error(check(name, type));
        assertThat(error).isIn(0, Errors.NO_WATCHER);
        return error == 0;
    }
}
