package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.error.NoNodeException;
import io.coord.client.error.RequestTooLargeException;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.coord.protocol.OpCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What meters and traces are told of each request. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientMetricsTest {
    @TempDir
    Path directory;

    private RealZooKeeper zooKeeper;
    private CoordClient client;
    private final List<CompletedRequest> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        zooKeeper = RealZooKeeper.start(directory);
        client = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .metrics(new ClientMetrics() {
                    @Override
                    public void onRequestCompleted(CompletedRequest request) {
                        told.add(request);
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        zooKeeper.close();
    }

    @Test
    void metricsThatThrowCostNoCallItsOutcome() {
        ClientMetrics throwing = new ClientMetrics() {
            @Override
            public void onRequestCompleted(CompletedRequest request) {
                throw new IllegalStateException("metrics");
            }

            @Override
            public void onBytesSent(int bytes) {
                throw new IllegalStateException("metrics");
            }

            @Override
            public void onBytesReceived(int bytes) {
                throw new IllegalStateException("metrics");
            }

            @Override
            public void onStateChanged(SessionState before, SessionState after) {
                throw new IllegalStateException("metrics");
            }
        };
        CoordClient other = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .metrics(throwing)
                .build()
                .start();
        assertThat(other.create().forPath("/thrown")).isEqualTo("/thrown");
        assertThatThrownBy(() -> other.getData().forPath("/none")).isInstanceOf(NoNodeException.class);
        other.close();
        assertThat(other.state()).isEqualTo(SessionState.CLOSED);
    }

    private CompletedRequest last() {
        return told.get(told.size() - 1);
    }

    @Test
    void tellOperationPathSizesTimeAndSession() {
        client.create().forPath("/a", new byte[1_000]);
        assertThat(last().operation()).isEqualTo("create");
        assertThat(last().op()).isEqualTo(OpCode.CREATE);
        assertThat(last().path()).isEqualTo("/a");
        assertThat(last().outcome()).isEqualTo(ClientMetrics.Outcome.SUCCESS);
        assertThat(last().requestBytes()).isBetween(1_000, 1_100);
        assertThat(last().responseBytes()).isBetween(16, 100);
        assertThat(last().durationNanos()).isPositive();
        assertThat(last().sessionId()).isEqualTo(client.sessionId());
        client.getData().usingWatcher(event -> {}).forPath("/a");
        assertThat(last().responseBytes()).isBetween(1_000, 1_200);
        assertThat(last().watching()).isTrue();
        assertThat(last().children()).isEqualTo(-1);
    }

    @Test
    void tellHowManyChildrenAnAnswerNames() {
        client.create().creatingParentsIfNeeded().forPath("/a/b");
        client.create().forPath("/a/c");
        client.getChildren().forPath("/a");
        assertThat(last().children()).isEqualTo(2);
        client.getChildren().storingStatIn(new StatHolder()).forPath("/a");
        assertThat(last().children()).isEqualTo(2);
    }

    @Test
    void tellRefusalsWithTheirCode() {
        assertThatThrownBy(() -> client.getData().forPath("/none")).isInstanceOf(NoNodeException.class);
        assertThat(last().outcome()).isEqualTo(ClientMetrics.Outcome.ERROR);
        assertThat(last().errorCode()).isEqualTo(-101);
        assertThatThrownBy(() -> client.create().forPath("/big", new byte[2_000_000]))
                .isInstanceOf(RequestTooLargeException.class);
        assertThat(last().outcome()).isEqualTo(ClientMetrics.Outcome.ERROR);
        assertThat(last().errorCode()).isZero();
        assertThat(last().responseBytes()).isZero();
        assertThat(last().requestBytes()).isZero();
    }

    @Test
    void tellOfTransactionsAndOfEachRequestOfACall() {
        client.transaction().forOperations(client.transactionOp().create().forPath("/t"));
        assertThat(last().operation()).isEqualTo("transaction");
        assertThat(last().op()).isEqualTo(OpCode.MULTI);
        assertThat(last().path()).isNull();
        told.clear();
        client.getData().afterSync().forPath("/t");
        assertThat(told).extracting(CompletedRequest::op).containsExactly(OpCode.SYNC, OpCode.GET_DATA);
        assertThat(told).extracting(CompletedRequest::operation).containsOnly("getData");
    }

    @Test
    void aReadAfterSyncGivesWhatAPlainOneGives() {
        client.create().forPath("/a", new byte[] {1});
        client.create().forPath("/a/b");
        assertThat(client.getData().afterSync().forPath("/a")).containsExactly(1);
        assertThat(client.getChildren().afterSync().forPath("/a")).containsExactly("b");
        assertThat(client.checkExists().afterSync().forPath("/a")).isNotNull();
        assertThat(client.checkExists().afterSync().forPath("/none")).isNull();
        assertThatThrownBy(() -> client.getData().afterSync().forPath("/none")).isInstanceOf(NoNodeException.class);
        assertThat(client.getData()
                        .afterSync()
                        .forPathAsync("/a")
                        .toCompletableFuture()
                        .join())
                .containsExactly(1);
    }
}
