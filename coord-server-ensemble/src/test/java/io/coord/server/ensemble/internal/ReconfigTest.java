package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come, go, gain and lose the vote while the ensemble works, as ZooKeeper's own administrating client asks for it. */
class ReconfigTest {
    @TempDir
    static Path directory;

    private static Members members;

    @BeforeAll
    static void start() throws Exception {
        members = new Members(directory, 3, 0, 1_000).withSpares(1);
        members.startAll();
    }

    @AfterAll
    static void closeAll() throws Exception {
        members.closeAll();
    }

    static String config(ZooKeeper client) throws Exception {
        return new String(client.getConfig(false, new Stat()), StandardCharsets.UTF_8);
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    private void write(int member, String path) throws Exception {
        members.client(member).create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private void awaitMode(int member, String mode) {
        await().atMost(Members.DEADLINE).until(() -> members.mode(member).equals(mode));
    }

    @Test
    void aServerIsAddedLosesTheVoteGainsItAndIsRemoved() throws Exception {
        int follower = members.follower();
        ZooKeeperAdmin admin = members.admin(follower);
        write(follower, "/before");
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        ZooKeeper watching = members.client(members.leader());
        Stat stat = new Stat();
        String first = text(watching.getConfig(events::add, stat));
        assertThat(first).startsWith("server.1=127.0.0.1:").endsWith("\nversion=" + Long.toHexString(stat.getMzxid()));
        assertThat(first.lines().limit(3)).allMatch(each -> each.endsWith(":participant"));
        assertThat(stat.getVersion()).isEqualTo(-1);

        members.start(4);
        Stat changed = new Stat();
        String second = text(admin.reconfigure(members.line(4, false), null, null, -1, changed));

        assertThat(second.lines()).contains(members.line(4, false));
        assertThat(second).endsWith("\nversion=" + Long.toHexString(changed.getMzxid()));
        assertThat(events.poll(30, TimeUnit.SECONDS))
                .extracting(WatchedEvent::getType, WatchedEvent::getPath)
                .containsExactly(Watcher.Event.EventType.NodeDataChanged, "/zookeeper/config");
        awaitMode(4, "follower");
        ZooKeeper joined = members.client(4);
        assertThat(joined.exists("/before", false)).isNotNull();
        assertThat(config(joined)).isEqualTo(second);
        write(4, "/through-4");

        assertThat(text(admin.reconfigure(members.line(4, true), null, null, -1, null)))
                .contains(members.line(4, true));
        awaitMode(4, "observer");
        write(4, "/through-observer-4");

        assertThat(text(admin.reconfigure(members.line(4, false), null, null, -1, null)))
                .contains(members.line(4, false));
        awaitMode(4, "follower");

        assertThat(text(admin.reconfigure(null, "4", null, -1, null))).doesNotContain("server.4");
        await().atMost(Members.DEADLINE).until(() -> members.mode(4).isEmpty());
        write(follower, "/after");

        assertThat(text(admin.reconfigure(members.line(4, true), null, null, -1, null)))
                .contains("server.4");
        awaitMode(4, "observer");
        await().atMost(Members.DEADLINE)
                .ignoreExceptions()
                .until(() -> members.client(4).exists("/after", false) != null);
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() throws Exception {
        int follower = members.follower();
        ZooKeeperAdmin admin = members.admin(follower);
        String before = config(admin);

        assertThatThrownBy(() -> admin.reconfigure(null, "1", null, 77, null))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThatThrownBy(() -> admin.reconfigure(null, "1,2", null, -1, null))
                .isInstanceOf(KeeperException.BadArgumentsException.class);
        assertThatThrownBy(() -> admin.reconfigure("server.4=127.0.0.1:1:2", null, null, -1, null))
                .isInstanceOf(KeeperException.BadArgumentsException.class);
        ZooKeeperAdmin nobody = new ZooKeeperAdmin(members.server(follower).connectString(), 30_000, event -> {});
        try {
            assertThatThrownBy(() -> nobody.reconfigure(null, "1", null, -1, null))
                    .isInstanceOf(KeeperException.NoAuthException.class);
        } finally {
            nobody.close();
        }

        String again = text(admin.reconfigure(null, "77", null, -1, null));
        assertThat(again.lines().filter(each -> each.startsWith("server.")))
                .containsExactlyElementsOf(before.lines()
                        .filter(each -> each.startsWith("server."))
                        .toList());
        before = again;
        assertThat(config(admin)).isEqualTo(before);
        write(follower, "/refused");
    }
}
