package io.coord.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.error.NoNodeException;
import io.coord.client.error.ResponseTooLargeException;
import io.coord.client.error.UnreadableDataException;
import io.coord.client.fixture.RealZooKeeper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MultiReadTest {
    @TempDir
    static Path directory;

    private static RealZooKeeper zooKeeper;

    @BeforeAll
    static void startServer() {
        zooKeeper = RealZooKeeper.start(directory);
    }

    @AfterAll
    static void stopServer() {
        zooKeeper.close();
    }

    private static CoordClientBuilder builder() {
        return CoordClient.builder().connectString(zooKeeper.connectString()).namespace("many");
    }

    @Test
    void readsManyZnodesAtOnceAndTellsOfThoseThatAreMissing() {
        try (CoordClient client = builder().build().start()) {
            client.create().creatingParentsIfNeeded().forPath("/a/b", "1".getBytes(UTF_8));
            client.create().forPath("/a/c");

            List<ReadResult> results = client.multiRead()
                    .forOperations(List.of(
                            ReadOp.getData("/a/b"),
                            ReadOp.getData("/missing"),
                            ReadOp.getChildren("/a"),
                            ReadOp.getChildren("/missing")));

            assertThat(results).extracting(ReadResult::path).containsExactly("/a/b", "/missing", "/a", "/missing");
            ReadResult.Data data = (ReadResult.Data) results.get(0);
            assertThat(new String(data.data(), UTF_8)).isEqualTo("1");
            assertThat(data.stat()).isEqualTo(client.checkExists().forPath("/a/b"));
            assertThat(((ReadResult.Failed) results.get(1)).failure())
                    .isInstanceOf(NoNodeException.class)
                    .hasMessageContaining("/missing");
            assertThat(((ReadResult.Children) results.get(2)).names()).containsExactlyInAnyOrder("b", "c");
            assertThat(((ReadResult.Failed) results.get(3)).failure()).isInstanceOf(NoNodeException.class);
            assertThat(client.multiRead().forOperations(List.of())).isEmpty();
        }
    }

    @Test
    void decompressesAsSingleReadsDo() {
        try (CoordClient client = builder().enableCompression().build().start()) {
            client.create().forPath("/packed", "packed".getBytes(UTF_8));
            client.create().uncompressed().forPath("/plain", "plain".getBytes(UTF_8));

            List<ReadResult> results =
                    client.multiRead().forOperations(List.of(ReadOp.getData("/packed"), ReadOp.getData("/plain")));

            assertThat(((ReadResult.Data) results.get(0)).data()).isEqualTo("packed".getBytes(UTF_8));
            assertThat(((ReadResult.Failed) results.get(1)).failure()).isInstanceOf(UnreadableDataException.class);
        }
    }

    @Test
    void anAnswerThatIsTooLongFailsTheRequestAndKeepsTheConnection() {
        try (CoordClient client = builder().maxResponseBytes(1024).build().start()) {
            client.create().forPath("/long", new byte[600]);
            ReadOp read = ReadOp.getData("/long");

            assertThatThrownBy(() -> client.multiRead().forOperations(List.of(read, read)))
                    .isInstanceOf(ResponseTooLargeException.class);
            assertThat(client.multiRead().forOperations(List.of(read))).hasSize(1);
        }
    }
}
