package io.coord.spring.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.error.CoordException;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import io.coord.spring.test.CoordFaults;
import io.coord.spring.test.CoordTest;
import io.coord.testkit.FaultProxy.Direction;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

@Timeout(60)
@CoordTest(properties = {"coord.request-timeout=1s", "coord.retry.max=100ms"})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CoordFaultsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @Autowired
    CoordClient client;

    @Autowired
    CoordFaults faults;

    @Test
    void theSliceHasNoComponentsThatNobodyImports(@Autowired ApplicationContext context) {
        assertThat(context.getBeanNamesForType(Stock.class)).isEmpty();
        assertThat(context.getBeanNamesForType(ShopApplication.class)).hasSize(1);
    }

    @Test
    void anExpiredSessionIsReplacedByANewOne() {
        assertThat(client.blockUntilConnected(DEADLINE)).isTrue();
        long before = client.sessionId();
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/expired");
        faults.expireSession();
        await().atMost(DEADLINE).until(() -> client.sessionId() != before && client.state() == SessionState.CONNECTED);
        assertThat(client.checkExists().forPath("/expired")).isNull();
    }

    @Test
    void aCutConnectionKeepsTheSession() {
        assertThat(client.blockUntilConnected(DEADLINE)).isTrue();
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/cut");
        long before = client.sessionId();
        faults.cut();
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/cut") != null);
        assertThat(client.sessionId()).isEqualTo(before);
    }

    @Test
    void aDelayedAnswerComesLate() {
        assertThat(client.blockUntilConnected(DEADLINE)).isTrue();
        faults.delay(Duration.ofMillis(150));
        long start = System.nanoTime();
        client.checkExists().forPath("/");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(299));
    }

    @Test
    @Order(1)
    void nothingComesThroughAPartition() {
        assertThat(client.blockUntilConnected(DEADLINE)).isTrue();
        faults.partition(Direction.SERVER_TO_CLIENT);
        assertThatExceptionOfType(CoordException.class)
                .isThrownBy(() -> client.checkExists().forPath("/"));
        faults.heal();
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/") != null);
        faults.partition();
        assertThatExceptionOfType(CoordException.class)
                .isThrownBy(() -> client.checkExists().forPath("/"));
    }

    @Test
    @Order(2)
    void theFaultsOfOneTestAreHealedForTheNext() {
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/") != null);
    }

    @Test
    void aRestartedServerForgetsNothing() {
        assertThat(client.blockUntilConnected(DEADLINE)).isTrue();
        client.create().forPath("/kept");
        faults.restartServer();
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/kept") != null);
        faults.stopServer();
        assertThatExceptionOfType(CoordException.class)
                .isThrownBy(() -> client.checkExists().forPath("/kept"));
        faults.startServer();
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/kept") != null);
    }

    /** Last, because the client may lose its session a little later. */
    @Test
    @Order(Integer.MAX_VALUE)
    void timeCanPassAtOnce() {
        assertThat(client.blockUntilConnected(DEADLINE)).isTrue();
        client.create()
                .withTtl(Duration.ofHours(1))
                .withMode(CreateMode.PERSISTENT_WITH_TTL)
                .forPath("/daily");
        faults.advanceClock(Duration.ofMinutes(59));
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/daily") != null);
        faults.advanceClock(Duration.ofMinutes(2));
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/daily") == null);
    }
}
