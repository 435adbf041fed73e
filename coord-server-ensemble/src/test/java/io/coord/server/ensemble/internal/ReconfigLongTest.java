package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the members that take longer, each on an ensemble of its own. */
@Tag("soak")
class ReconfigLongTest {
    @TempDir
    Path directory;

    private Members members;

    @BeforeEach
    void start() throws Exception {
        members = new Members(directory, 3, 0, 1_000).withSpares(1);
        members.startAll();
    }

    @AfterEach
    void closeAll() throws Exception {
        members.closeAll();
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
    void theLeaderIsRemovedAndTheOthersGoOn() throws Exception {
        int leader = members.leader();
        int follower = members.follower();
        ZooKeeperAdmin admin = members.admin(follower);

        assertThat(text(admin.reconfigure(null, Integer.toString(leader), null, -1, null)))
                .doesNotContain("server." + leader + "=");

        await().atMost(Members.DEADLINE).until(() -> members.mode(leader).isEmpty());
        assertThat(members.leader()).isNotEqualTo(leader);
        write(follower, "/after");
        members.stop(leader);
        members.start(leader);
        write(follower, "/later");
        assertThat(members.mode(leader)).isEmpty();
    }

    @Test
    void whoDoesNotRunIsNotAdded() throws Exception {
        ZooKeeperAdmin admin = members.admin(members.follower());
        String before = ReconfigTest.config(admin);

        assertThatThrownBy(() -> admin.reconfigure(members.line(4, false), null, null, -1, null))
                .isInstanceOf(KeeperException.NewConfigNoQuorum.class);

        assertThat(ReconfigTest.config(admin)).isEqualTo(before);
        write(1, "/after");
    }

    @Test
    void allMembersAreNamedAtOnce() throws Exception {
        int follower = members.follower();
        members.start(4);
        ZooKeeperAdmin admin = members.admin(follower);
        int other = members.ids().stream()
                .filter(each -> each != follower)
                .findFirst()
                .orElseThrow();

        String named = String.join(
                ",", List.of(members.line(follower, false), members.line(other, false), members.line(4, false)));
        String text = text(admin.reconfigure(null, null, named, -1, null));

        assertThat(text.lines().filter(each -> each.startsWith("server."))).containsExactlyInAnyOrder(named.split(","));
        awaitMode(4, "follower");
        write(4, "/after");
    }
}
