package io.coord.server.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.server.internal.tree.TreeEdit;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchRegistryTest {
    private static final Id ANN = new Id("digest", "ann:hash");
    private static final List<Acl> ANN_ONLY = List.of(new Acl(Acl.ALL, ANN));

    private static final class Client implements WatchListener {
        final List<String> events = new ArrayList<>();
        final List<Id> ids = new ArrayList<>();
        final Watches watches = new Watches(this);

        @Override
        public List<Id> ids() {
            return ids;
        }

        @Override
        public void onWatchEvent(EventType type, String path, long zxid) {
            String name = type.name().replace("NODE_", "").toLowerCase(java.util.Locale.ROOT);
            events.add(name + " " + path + " " + zxid);
        }

        List<String> take() {
            List<String> taken = List.copyOf(events);
            events.clear();
            return taken;
        }
    }

    private final ZnodeTree tree = new ZnodeTree(1);
    private final WatchRegistry registry = new WatchRegistry();
    private final Client client = new Client();
    private final Client other = new Client();
    private long zxid;

    private void create(String path, List<Acl> acl) {
        TreeEdit edit = tree.edit(++zxid, 0);
        edit.create(node(ZnodePath.parent(path)), path, null, acl, 0);
        registry.onChanges(edit.commit(), zxid);
    }

    private void create(String path) {
        create(path, Acl.OPEN);
    }

    private void setData(String path) {
        TreeEdit edit = tree.edit(++zxid, 0);
        edit.setData(node(path), path, null);
        registry.onChanges(edit.commit(), zxid);
    }

    private void delete(String path) {
        TreeEdit edit = tree.edit(++zxid, 0);
        edit.delete(node(path), path);
        registry.onChanges(edit.commit(), zxid);
    }

    private Znode node(String path) {
        Znode node = tree.get(path);
        assertThat(node).as(path).isNotNull();
        return node;
    }

    @Test
    void aDataWatchFiresOnceForCreationChangeOrDeletion() {
        registry.watchData(client.watches, "/a");
        create("/a");
        assertThat(client.take()).containsExactly("created /a 1");
        setData("/a");
        assertThat(client.take()).isEmpty();

        registry.watchData(client.watches, "/a");
        setData("/a");
        assertThat(client.take()).containsExactly("data_changed /a 3");

        registry.watchData(client.watches, "/a");
        delete("/a");
        assertThat(client.take()).containsExactly("deleted /a 4");
        assertThat(registry.size()).isZero();
        assertThat(registry.pathCount()).isZero();
    }

    @Test
    void aChildWatchFiresOnceForChildrenAndNotForTheirData() {
        create("/a");
        registry.watchChildren(client.watches, "/a");
        setData("/a");
        assertThat(client.take()).isEmpty();
        create("/a/b");
        create("/a/c");
        assertThat(client.take()).containsExactly("children_changed /a 3");

        registry.watchChildren(client.watches, "/a");
        setData("/a/b");
        assertThat(client.take()).isEmpty();
        delete("/a/b");
        assertThat(client.take()).containsExactly("children_changed /a 6");
    }

    @Test
    void aDeletionTellsAConnectionOnceAndThenTheParentsWatchers() {
        create("/a");
        registry.watchData(client.watches, "/a");
        registry.watchChildren(client.watches, "/a");
        registry.watchChildren(client.watches, "/");
        registry.watchChildren(other.watches, "/a");
        delete("/a");

        assertThat(client.take()).containsExactly("deleted /a 2", "children_changed / 2");
        assertThat(other.take()).containsExactly("deleted /a 2");
        assertThat(registry.size()).isZero();
    }

    @Test
    void aPersistentWatchStaysAndSeesNodeAndChildren() {
        registry.watch(client.watches, "/a", AddWatchMode.PERSISTENT);
        create("/a");
        setData("/a");
        create("/a/b");
        setData("/a/b");
        delete("/a/b");
        delete("/a");
        create("/a");

        assertThat(client.take())
                .containsExactly(
                        "created /a 1",
                        "data_changed /a 2",
                        "children_changed /a 3",
                        "children_changed /a 5",
                        "deleted /a 6",
                        "created /a 7");
    }

    @Test
    void aRecursiveWatchSeesAllBelowByItsOwnPathAndNoListsOfChildren() {
        create("/a");
        registry.watch(client.watches, "/a", AddWatchMode.PERSISTENT_RECURSIVE);
        create("/a/b");
        create("/a/b/c");
        setData("/a/b/c");
        create("/ab");
        delete("/a/b/c");
        setData("/a");

        assertThat(client.take())
                .containsExactly(
                        "created /a/b 2",
                        "created /a/b/c 3",
                        "data_changed /a/b/c 4",
                        "deleted /a/b/c 6",
                        "data_changed /a 7");
    }

    @Test
    void aRecursiveWatchOnTheRootSeesEverything() {
        registry.watch(client.watches, "/", AddWatchMode.PERSISTENT_RECURSIVE);
        create("/a");
        create("/a/b");

        assertThat(client.take()).containsExactly("created /a 1", "created /a/b 2");
    }

    @Test
    void watchesOfSeveralKindsTellOncePerRound() {
        create("/a");
        registry.watch(client.watches, "/a", AddWatchMode.PERSISTENT);
        registry.watch(client.watches, "/a", AddWatchMode.PERSISTENT_RECURSIVE);
        registry.watch(client.watches, "/", AddWatchMode.PERSISTENT_RECURSIVE);
        registry.watchData(client.watches, "/a");
        setData("/a");

        assertThat(client.take()).containsExactly("data_changed /a 2");
    }

    @Test
    void nobodyIsToldOfWhatItMayNotReadAndAOneShotWatchIsSpentAllTheSame() {
        create("/open");
        registry.watch(client.watches, "/open", AddWatchMode.PERSISTENT_RECURSIVE);
        registry.watchData(client.watches, "/open/secret");
        other.ids.add(ANN);
        registry.watch(other.watches, "/open", AddWatchMode.PERSISTENT_RECURSIVE);
        create("/open/secret", ANN_ONLY);
        delete("/open/secret");

        assertThat(client.take()).isEmpty();
        assertThat(other.take()).containsExactly("created /open/secret 2", "deleted /open/secret 3");
        assertThat(client.watches.size()).isEqualTo(1);
    }

    @Test
    void childEventsAreFilteredByTheParentsAcl() {
        create("/secret", ANN_ONLY);
        registry.watch(client.watches, "/secret", AddWatchMode.PERSISTENT);
        create("/secret/x");

        assertThat(client.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DATA, true, false, true, true",
        "CHILDREN, false, true, true, true",
        "PERSISTENT, true, true, true, true",
        "PERSISTENT_RECURSIVE, true, true, true, true",
        "ANY, false, false, false, false",
    })
    void removesWatchesByType(WatcherType type, boolean data, boolean children, boolean persistent, boolean recursive) {
        create("/a");
        registry.watchData(client.watches, "/a");
        registry.watchChildren(client.watches, "/a");
        registry.watch(client.watches, "/a", AddWatchMode.PERSISTENT);
        registry.watch(client.watches, "/a", AddWatchMode.PERSISTENT_RECURSIVE);

        assertThat(registry.remove(client.watches, "/a", type)).isTrue();
        assertThat(registry.remove(client.watches, "/a", type)).isFalse();
        assertThat(registry.remove(client.watches, "/b", type)).isFalse();
        assertThat(registry.remove(client.watches, "/a", WatcherType.ANY))
                .isEqualTo(data || children || persistent || recursive);
        setData("/a");
        assertThat(client.take()).isEmpty();
    }

    @Test
    void removingOneTypeLeavesTheOthers() {
        create("/a");
        registry.watchData(client.watches, "/a");
        registry.watchChildren(client.watches, "/a");
        registry.remove(client.watches, "/a", WatcherType.DATA);
        setData("/a");
        assertThat(client.take()).isEmpty();
        create("/a/b");
        assertThat(client.take()).containsExactly("children_changed /a 3");
    }

    @Test
    void aLostConnectionLeavesNothing() {
        for (int i = 0; i < 100; i++) {
            registry.watchData(client.watches, "/n" + i);
            registry.watch(client.watches, "/n" + i, AddWatchMode.PERSISTENT_RECURSIVE);
            registry.watchData(other.watches, "/n" + i);
        }
        registry.removeAll(client.watches);
        assertThat(registry.size()).isEqualTo(100);
        create("/n7");
        assertThat(client.take()).isEmpty();
        assertThat(other.take()).containsExactly("created /n7 1");
        registry.removeAll(other.watches);
        assertThat(registry.size()).isZero();
        assertThat(registry.pathCount()).isZero();
    }

    @Test
    void allOfManyWatchersAreToldAndSpent() {
        create("/a");
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Client each = new Client();
            registry.watchData(each.watches, "/a");
            if (i % 2 == 0) {
                registry.watchChildren(each.watches, "/a");
            }
            clients.add(each);
        }
        setData("/a");
        assertThat(clients).allSatisfy(each -> assertThat(each.take()).containsExactly("data_changed /a 2"));
        assertThat(registry.size()).isEqualTo(250);
    }

    /** Table of A8: a watch is made up for exactly when the node has changed after what the client saw. */
    @ParameterizedTest
    @CsvSource({
        "data, 2, 'data_changed /a -1'",
        "data, 3, ''",
        "exist, 3, 'created /a -1'",
        "child, 3, 'children_changed /a -1'",
        "child, 4, ''",
    })
    void makesUpForWhatAClientMissed(String kind, long seen, String expected) {
        create("/x");
        create("/a");
        setData("/a");
        create("/a/b");
        List<String> path = List.of("/a");
        registry.rearm(
                client.watches,
                new SetWatchesRequest(
                        OpCode.SET_WATCHES,
                        seen,
                        kind.equals("data") ? path : List.of(),
                        kind.equals("exist") ? path : List.of(),
                        kind.equals("child") ? path : List.of(),
                        List.of(),
                        List.of()),
                tree);

        if (expected.isEmpty()) {
            assertThat(client.take()).isEmpty();
            assertThat(registry.size()).isEqualTo(1);
        } else {
            assertThat(client.take()).containsExactly(expected);
            assertThat(registry.size()).isZero();
        }
    }

    @Test
    void aNodeThatIsGoneFiresAndOneThatStillIsNotThereIsArmed() {
        registry.rearm(
                client.watches,
                new SetWatchesRequest(
                        OpCode.SET_WATCHES2,
                        9,
                        List.of("/gone1"),
                        List.of("/new"),
                        List.of("/gone2"),
                        List.of("/p"),
                        List.of("/r")),
                tree);

        assertThat(client.take()).containsExactly("deleted /gone1 -1", "deleted /gone2 -1");
        create("/new");
        create("/p");
        create("/r");
        create("/r/x");
        assertThat(client.take()).containsExactly("created /new 1", "created /p 2", "created /r 3", "created /r/x 4");
    }

    @Test
    void watchesAreCountedAsZooKeeperDoes() {
        Watches one = client.watches;
        Watches two = other.watches;
        registry.watchData(one, "/a");
        registry.watchData(one, "/a");
        assertThat(registry.armedCount()).isEqualTo(1);
        registry.watchChildren(one, "/a");
        assertThat(registry.armedCount()).isEqualTo(2);
        registry.watch(one, "/a", AddWatchMode.PERSISTENT);
        assertThat(registry.armedCount()).isEqualTo(2);
        registry.watch(two, "/b", AddWatchMode.PERSISTENT);
        registry.watch(two, "/c", AddWatchMode.PERSISTENT_RECURSIVE);
        assertThat(registry.armedCount()).isEqualTo(5);
        assertThat(registry.watcherCount()).isEqualTo(2);

        registry.remove(one, "/a", WatcherType.PERSISTENT);
        assertThat(registry.armedCount()).isEqualTo(5);
        registry.remove(one, "/a", WatcherType.ANY);
        assertThat(registry.armedCount()).isEqualTo(3);
        assertThat(registry.watcherCount()).isEqualTo(1);
        registry.removeAll(two);
        assertThat(registry.armedCount()).isZero();
        assertThat(registry.watcherCount()).isZero();
    }
}
