package io.coord.recipes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.node.PersistentNode.State;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

abstract class PersistentNodeContract extends RecipeContract {
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(CoordClient client, String path) {
        try {
            return new String(client.getData().forPath(path), StandardCharsets.UTF_8);
        } catch (NoNodeException e) {
            return "none";
        }
    }

    private PersistentNode inPlace(PersistentNode node) {
        closing(node).start();
        assertThat(node.awaitInPlace(SOON)).isTrue();
        return node;
    }

    @Test
    void isThereUntilItIsClosed() {
        String path = place("node") + "/below/parents";
        CoordClient client = client();
        PersistentNode node =
                inPlace(PersistentNode.builder(client, path).data(bytes("1")).build());
        Stat stat = client.checkExists().forPath(path);
        assertThat(stat).isNotNull();
        assertThat(stat.ephemeralOwner()).isEqualTo(client.sessionId());
        assertThat(node.state()).isEqualTo(State.IN_PLACE);
        node.setData(bytes("2"));
        soon().until(() -> read(client, path).equals("2"));
        node.close();
        node.close();

        assertThat(read(client, path)).isEqualTo("none");
        assertThat(node.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void isMadeAgainWhenItIsDeletedAndWrittenBackWhenItIsChanged() {
        String path = place("again");
        CoordClient other = client();
        inPlace(PersistentNode.builder(client(), path).data(bytes("1")).build());
        other.setData().forPath(path, bytes("changed"));
        soon().until(() -> read(other, path).equals("1"));
        other.delete().forPath(path);

        soon().until(() -> read(other, path).equals("1"));
    }

    @Test
    void outlivesALostSession() {
        String path = place("lost");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        CoordClient other = client();
        PersistentNode node =
                inPlace(PersistentNode.builder(client, path).data(bytes("1")).build());
        List<State> told = Collections.synchronizedList(new ArrayList<>());
        node.addListener(told::add);
        long firstSession = client.sessionId();
        unplug(proxy);
        soon().until(() -> client.state() == SessionState.LOST);
        soon().until(() -> read(other, path).equals("none"));
        proxy.resume();

        soon().until(() -> read(other, path).equals("1"));
        assertThat(other.checkExists().forPath(path).ephemeralOwner())
                .isEqualTo(client.sessionId())
                .isNotEqualTo(firstSession);
        soon().untilAsserted(() -> assertThat(told).containsExactly(State.MISSING, State.IN_PLACE));
    }

    @Test
    void neverWritesOverAnotherSessionsZnode() {
        String path = place("occupied");
        CoordClient other = client();
        other.create().withMode(CreateMode.EPHEMERAL).forPath(path, bytes("theirs"));
        CoordClient client = client();
        PersistentNode node = closing(
                        PersistentNode.builder(client, path).data(bytes("ours")).build())
                .start();
        soon().until(() -> node.state() == State.OCCUPIED);
        node.setData(bytes("still ours"));
        other.setData().forPath(path, bytes("theirs, too"));
        client.sync().forPath(path);
        soon().until(() -> node.state() == State.OCCUPIED);
        assertThat(read(other, path)).isEqualTo("theirs, too");
        other.close();

        assertThat(node.awaitInPlace(SOON)).isTrue();
        assertThat(read(client, path)).isEqualTo("still ours");
    }

    @Test
    void takesOverWhenItIsToldToAndTheFormerOneStops() {
        String path = place("takeover");
        PersistentNode former = inPlace(PersistentNode.builder(client(), path)
                .data(bytes("former"))
                .takingOver()
                .build());
        PersistentNode next = inPlace(PersistentNode.builder(client(), path)
                .data(bytes("next"))
                .takingOver()
                .build());
        soon().until(() -> former.state() == State.DISPLACED);

        former.close();
        assertThat(read(client(), path)).isEqualTo("next");
        assertThat(next.state()).isEqualTo(State.IN_PLACE);
    }

    @Test
    void keepsPersistentZnodesToo() {
        String path = place("persistent");
        CoordClient client = client();
        client.create().forPath(path, bytes("old"));
        PersistentNode node = inPlace(PersistentNode.builder(client, path)
                .mode(CreateMode.PERSISTENT)
                .data(bytes("new"))
                .build());
        assertThat(read(client, path)).isEqualTo("new");
        node.close();

        assertThat(read(client, path)).isEqualTo("none");
        assertThatThrownBy(() -> PersistentNode.builder(client, path).mode(CreateMode.EPHEMERAL_SEQUENTIAL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Curator's persistent node overwrites what it finds; ours goes on waiting until Curator has left. */
    @Test
    void standsBesideCuratorsPersistentNode() throws Exception {
        String path = place("beside");
        CoordClient client = client();
        var theirs = closing(new org.apache.curator.framework.recipes.nodes.PersistentNode(
                curator(), org.apache.zookeeper.CreateMode.EPHEMERAL, false, path, bytes("theirs")));
        theirs.start();
        assertThat(theirs.waitForInitialCreate(SOON.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        PersistentNode ours = closing(
                        PersistentNode.builder(client, path).data(bytes("ours")).build())
                .start();
        soon().until(() -> ours.state() == State.OCCUPIED);
        assertThat(read(client, path)).isEqualTo("theirs");
        theirs.close();

        assertThat(ours.awaitInPlace(SOON)).isTrue();
        assertThat(read(client, path)).isEqualTo("ours");
    }

    @Test
    void membersSeeEachOtherAndCuratorsMembers() {
        String group = place("group");
        GroupMember one =
                closing(new GroupMember(client(), group, "one", bytes("1"))).start();
        GroupMember two =
                closing(new GroupMember(client(), group, "two", bytes("2"))).start();
        var theirs = closing(
                new org.apache.curator.framework.recipes.nodes.GroupMember(curator(), group, "three", bytes("3")));
        theirs.start();
        assertThat(one.awaitJoined(SOON)).isTrue();
        soon().until(() -> one.members().size() == 3);
        soon().until(() -> theirs.getCurrentMembers().size() == 3);
        assertThat(one.members()).containsOnlyKeys("one", "two", "three");
        assertThat(one.members().get("two")).isEqualTo(bytes("2"));
        two.close();

        soon().until(() -> one.members().size() == 2);
        soon().until(() -> theirs.getCurrentMembers().size() == 2);
    }

    @Test
    void aListenerForWhatComesAfterTheFirstViewHearsOfNewMembers() {
        String group = place("later");
        GroupMember one =
                closing(new GroupMember(client(), group, "one", bytes("1"))).start();
        assertThat(one.awaitJoined(SOON)).isTrue();
        assertThat(one.awaitInitialized(SOON)).isTrue();
        soon().until(() -> one.members().containsKey("one"));
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        one.addListener(CacheListener.builder()
                .forCreates(member -> told.add(member.path()))
                .afterInitialized()
                .build());
        closing(new GroupMember(client(), group, "two", bytes("2"))).start();

        soon().until(() -> told.contains(group + "/two"));
        assertThat(told).doesNotContain(group);
    }

    @Test
    void aMemberThatHasNotJoinedIsNotInItsOwnView() {
        String group = place("truth");
        CoordClient other = client();
        other.create().creatingParentsIfNeeded().withMode(CreateMode.EPHEMERAL).forPath(group + "/me", bytes("theirs"));
        GroupMember member =
                closing(new GroupMember(client(), group, "me", bytes("mine"))).start();
        soon().until(() -> member.node().state() == State.OCCUPIED);
        soon().until(member::isInSync);
        assertThat(member.members().get("me")).isEqualTo(bytes("theirs"));
        other.delete().forPath(group + "/me");

        assertThat(member.awaitJoined(SOON)).isTrue();
        soon().until(() -> Arrays.equals(member.members().get("me"), bytes("mine")));
    }

    @Test
    void aNodeWithATimeToLiveOutlivesItsProcessForThatLong() {
        String path = place("ttl");
        CoordClient client = client();
        CoordClient keeper = client();
        PersistentTtlNode node = new PersistentTtlNode(keeper, path, Duration.ofSeconds(1), bytes("1"));
        node.start();
        assertThat(node.awaitInPlace(SOON)).isTrue();
        int version = client.checkExists().forPath(path + "/touch").version();
        // Kept for longer than its time to live.
        soon().until(() -> client.checkExists().forPath(path + "/touch").version() > version + 3);
        assertThat(read(client, path)).isEqualTo("1");
        keeper.close();
        assertThat(read(client, path)).isEqualTo("1");

        soon().until(() -> read(client, path).equals("none"));
    }

    @Test
    void curatorKeepsTheSameNodeWithATimeToLive() throws Exception {
        String path = place("ttl-beside");
        CoordClient client = client();
        PersistentTtlNode ours = closing(new PersistentTtlNode(client, path, Duration.ofSeconds(1), bytes("1")));
        ours.start();
        assertThat(ours.awaitInPlace(SOON)).isTrue();
        var theirs = closing(
                new org.apache.curator.framework.recipes.nodes.PersistentTtlNode(curator(), path, 1_000, bytes("1")));
        theirs.start();
        assertThat(theirs.waitForInitialCreate(SOON.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        ours.close();
        int version = client.checkExists().forPath(path + "/touch").version();
        soon().until(() -> client.checkExists().forPath(path + "/touch").version() > version + 3);

        assertThat(read(client, path)).isEqualTo("1");
    }
}
