package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A znode of 100,000 children, listed whole where both sides allow a response of that length. */
@Timeout(120)
class ManyChildrenCompatTest {
    private static final int CHILDREN = 100_000;
    private static final int LIMIT = 8 << 20;

    @Test
    void listsAHundredThousandChildrenToAStockClientAndToOurs() throws Exception {
        try (EmbeddedServer server =
                EmbeddedServer.builder().port(0).maxResponseBytes(LIMIT).start()) {
            ZooKeeper stock = connect(server.port());
            try {
                List<String> created = fill(stock);
                Stat stat = new Stat();

                List<String> listed = stock.getChildren("/many", false, stat);

                assertThat(listed).hasSize(CHILDREN);
                assertThat(new HashSet<>(listed)).isEqualTo(new HashSet<>(created));
                assertThat(stat.getNumChildren()).isEqualTo(CHILDREN);
                assertThat(stock.getAllChildrenNumber("/many")).isEqualTo(CHILDREN);

                stock.delete("/many/" + created.get(CHILDREN / 2), 0);
                assertThat(stock.getChildren("/many", false))
                        .hasSize(CHILDREN - 1)
                        .doesNotContain(created.get(CHILDREN / 2));
            } finally {
                stock.close();
            }
            try (CoordClient ours = CoordClient.builder()
                    .connectString("127.0.0.1:" + server.port())
                    .maxResponseBytes(LIMIT)
                    .build()
                    .start()) {
                List<String> listed = ours.getChildren().forPath("/many");
                assertThat(listed).hasSize(CHILDREN - 1);
                assertThat(new HashSet<>(listed)).hasSize(CHILDREN - 1);
            }
        }
    }

    private static List<String> fill(ZooKeeper at) throws Exception {
        at.create("/many", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        List<String> names = new ArrayList<>(CHILDREN);
        for (int i = 0; i < CHILDREN; i += 2_000) {
            List<Op> ops = new ArrayList<>();
            for (int j = i; j < i + 2_000; j++) {
                names.add("child-" + j);
                ops.add(Op.create("/many/child-" + j, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            }
            at.multi(ops);
        }
        return names;
    }

    private static ZooKeeper connect(int port) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty("jute.maxbuffer", Integer.toString(LIMIT));
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper opened = new ZooKeeper(
                "127.0.0.1:" + port,
                30_000,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                config);
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        return opened;
    }
}
