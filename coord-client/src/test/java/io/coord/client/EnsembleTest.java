package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.BadVersionException;
import io.coord.client.error.ReadOnlyServerException;
import io.coord.client.fixture.CuttableProxy;
import io.coord.client.fixture.ZooKeeperMember;
import io.coord.client.fixture.ZooKeeperMember.Address;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a real ensemble does: it is reconfigured, and a member without the others serves reads. */
@Timeout(value = 150, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnsembleTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private ZooKeeperMember member(int id, List<Address> ensemble) {
        try {
            return ZooKeeperMember.start(Files.createDirectory(directory.resolve(String.valueOf(id))), id, ensemble);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CoordClientBuilder builder(String servers) {
        return CoordClient.builder()
                .connectString(servers)
                .requestTimeout(LONG)
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(50), Duration.ofMillis(200), 0.5));
    }

    @Test
    void theEnsembleIsReadAndReconfigured() {
        Address first = Address.free();
        Address second = Address.free();
        try (ZooKeeperMember member = member(1, List.of(first));
                CoordClient client = builder(member.address().connectString() + "/chroot")
                        .namespace("app")
                        .build()
                        .start()) {
            assertThat(client.blockUntilConnected(LONG)).isTrue();
            List<String> events = new CopyOnWriteArrayList<>();
            EnsembleConfig before = EnsembleConfig.parse(client.getConfig()
                    .usingWatcher(event -> events.add(event.path()))
                    .forEnsemble());
            assertThat(before.clientAddresses()).containsExactly(new ServerAddress("127.0.0.1", first.clientPort()));
            StatHolder stat = new StatHolder();
            byte[] changed = client.reconfig()
                    .joining("server.2=" + second.specification("observer"))
                    .fromConfig(before.version())
                    .storingStatIn(stat)
                    .forEnsemble();
            EnsembleConfig after = EnsembleConfig.parse(changed);
            assertThat(after.clientAddresses())
                    .containsExactlyInAnyOrder(
                            new ServerAddress("127.0.0.1", first.clientPort()),
                            new ServerAddress("127.0.0.1", second.clientPort()));
            assertThat(after.version()).isGreaterThan(before.version());
            assertThat(stat.isPresent()).isTrue();
            await().atMost(LONG).untilAsserted(() -> assertThat(events).containsExactly("/zookeeper/config"));
            assertThatThrownBy(() -> client.reconfig()
                            .leaving("2")
                            .fromConfig(before.version())
                            .forEnsemble())
                    .isInstanceOf(BadVersionException.class);
            client.reconfig()
                    .leaving("2")
                    .forEnsembleAsync()
                    .toCompletableFuture()
                    .join();
            assertThat(EnsembleConfig.parse(client.getConfig().afterSync().forEnsemble())
                            .members())
                    .hasSize(1);
            assertThatThrownBy(() -> client.reconfig().forEnsemble()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aTrackingClientFollowsTheConfigurationAwayFromItsConnectString() {
        Address first = Address.free();
        try (ZooKeeperMember member = member(1, List.of(first));
                CuttableProxy proxy = new CuttableProxy(member.address().clientPort());
                CoordClient client =
                        builder(proxy.connectString()).ensembleTracker().build()) {
            List<SessionEvent> events = new CopyOnWriteArrayList<>();
            client.addSessionListener(events::add);
            client.start();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(events)
                            .extracting(SessionEvent::type)
                            .containsExactly(
                                    SessionEvent.Type.CONNECTED,
                                    SessionEvent.Type.SUSPENDED,
                                    SessionEvent.Type.RECONNECTED));
            assertThat(events.get(2).generation()).as("the same session").isEqualTo(1);
            proxy.refuse(true);
            proxy.cut();
            assertThat(client.getChildren().forPath("/")).contains("zookeeper");
            assertThat(events).hasSize(3);
        }
    }

    @Test
    void aClientThatMayReadsFromAMemberWithoutItsEnsembleAndWritesOnceItIsBack() {
        List<Address> ensemble = List.of(Address.free(), Address.free());
        try (ZooKeeperMember alone = member(1, ensemble);
                CoordClient writer = builder(alone.address().connectString()).build();
                CoordClient reader =
                        builder(alone.address().connectString()).canBeReadOnly().build()) {
            List<SessionEvent> events = new CopyOnWriteArrayList<>();
            reader.addSessionListener(events::add);
            reader.start();
            writer.start();
            await().atMost(LONG).until(() -> reader.state() == SessionState.READ_ONLY);
            assertThat(reader.getChildren().forPath("/")).contains("zookeeper");
            assertThat(reader.lease().isAlive()).isFalse();
            assertThatThrownBy(() -> reader.create().forPath("/a"))
                    .isInstanceOf(ReadOnlyServerException.class)
                    .hasMessageContaining("/a");
            assertThat(writer.state()).isEqualTo(SessionState.CONNECTING);
            try (ZooKeeperMember other = member(2, ensemble)) {
                assertThat(reader.blockUntilConnected(LONG))
                        .as("with %s", other.address())
                        .isTrue();
                reader.create().forPath("/a");
                assertThat(writer.checkExists().afterSync().forPath("/a")).isNotNull();
            }
            assertThat(events).first().extracting(SessionEvent::type).isEqualTo(SessionEvent.Type.READ_ONLY);
            assertThat(events)
                    .filteredOn(event -> event.generation() == 1)
                    .first()
                    .extracting(SessionEvent::type)
                    .isEqualTo(SessionEvent.Type.CONNECTED);
        }
    }
}
