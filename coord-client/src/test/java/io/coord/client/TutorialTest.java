package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.NoNodeException;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's test class: what a Curator user writes first, with the client's type changed and without "throws". */
class TutorialTest {
    @TempDir
    Path directory;

    private RealZooKeeper zooKeeper;
    private CoordClient client;

    @BeforeEach
    void start() {
        zooKeeper = RealZooKeeper.start(directory);
        client = CoordClient.builder().connectString(zooKeeper.connectString()).build();
        client.start();
    }

    @AfterEach
    void stop() {
        client.close();
        zooKeeper.close();
    }

    @Test
    void createsNodes() {
        // A persistent node.
        String path = client.create().forPath("/curator-node");
        assertThat(path).isEqualTo("/curator-node");
        // With data.
        path = client.create().forPath("/curator-node-data", "some-data".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = client.getData().forPath("/curator-node-data");
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("some-data");
        assertThat(path).isEqualTo("/curator-node-data");
    }

    @Test
    void createsAnEphemeralSequentialNode() {
        String path = client.create()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath("/curator-ephemeral-node-", "some-data".getBytes(StandardCharsets.UTF_8));
        assertThat(path).isEqualTo("/curator-ephemeral-node-0000000000");
        client.close();
        try (CoordClient other =
                CoordClient.builder().connectString(zooKeeper.connectString()).build()) {
            other.start();
            Stat gone = other.checkExists().forPath(path);
            assertThat(gone).isNull();
        }
    }

    @Test
    void createsMissingParents() {
        String path = client.create()
                .creatingParentsIfNeeded()
                .forPath("/animal/dog/whiteDog", "some-data".getBytes(StandardCharsets.UTF_8));
        assertThat(path).isEqualTo("/animal/dog/whiteDog");
        assertThat(client.getChildren().forPath("/animal")).containsExactly("dog");
    }

    @Test
    void readsAndWrites() {
        client.create().forPath("/curator-node", "first".getBytes(StandardCharsets.UTF_8));
        StatHolder stat = new StatHolder();
        byte[] bytes = client.getData().storingStatIn(stat).forPath("/curator-node");
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("first");
        client.setData()
                .withVersion(stat.get().version())
                .forPath("/curator-node", "changed!".getBytes(StandardCharsets.UTF_8));
        bytes = client.getData().forPath("/curator-node");
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("changed!");
    }

    @Test
    void deletesABranchGuaranteed() {
        client.create().creatingParentsIfNeeded().forPath("/animal/dog/whiteDog");
        client.create().creatingParentsIfNeeded().forPath("/animal/cat/blackCat");
        client.delete().guaranteed().deletingChildrenIfNeeded().forPath("/animal");
        assertThat(client.checkExists().forPath("/animal")).isNull();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> client.delete().forPath("/animal"))
                .isInstanceOf(NoNodeException.class);
    }
}
