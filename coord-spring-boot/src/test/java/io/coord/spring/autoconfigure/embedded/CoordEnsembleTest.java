package io.coord.spring.autoconfigure.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.server.EnsembleSettings;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.autoconfigure.FailureText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications whose servers share one log: {@code coord.mode: ensemble}. */
class CoordEnsembleTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(CoordAutoConfiguration.class, CoordEmbeddedServerAutoConfiguration.class))
            .withPropertyValues(
                    "coord.mode=ensemble",
                    "coord.request-timeout=60s",
                    "coord.server.fsync=false",
                    "coord.server.ensemble.name=orders",
                    "coord.server.ensemble.election-timeout=1500ms");

    @TempDir
    Path directory;

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket each : sockets) {
            each.close();
        }
        return ports;
    }

    private ApplicationContextRunner member(int id, List<Integer> ports) {
        return runner.withPropertyValues(
                "coord.server.data-dir=" + directory.resolve("member-" + id),
                "coord.server.ensemble.id=" + id,
                "coord.server.ensemble.members.1=127.0.0.1:" + ports.get(0) + ':' + ports.get(1),
                "coord.server.ensemble.members.2=127.0.0.1:" + ports.get(2) + ':' + ports.get(3),
                "coord.server.ensemble.members.3=127.0.0.1:" + ports.get(4) + ':' + ports.get(5) + ":observer");
    }

    @Test
    void whatOneApplicationWritesTheOthersRead() throws Exception {
        List<Integer> ports = freePorts(6);
        member(1, ports)
                .run(first -> member(2, ports)
                        .run(second -> member(3, ports).run(third -> {
                            assertThat(first.getBean(CoordServers.class).mode()).isEqualTo(CoordMode.ENSEMBLE);
                            assertThat(first.getBean(CoordServers.class).addresses())
                                    .contains("of an ensemble");
                            first.getBean(CoordClient.class).create().forPath("/shared");
                            for (var each : List.of(second, third)) {
                                CoordClient client = each.getBean(CoordClient.class);
                                client.sync().forPath("/shared");
                                assertThat(client.checkExists().forPath("/shared"))
                                        .isNotNull();
                            }
                        })));
    }

    @Test
    void settingsReachTheServer() throws Exception {
        List<Integer> ports = freePorts(2);
        runner.withPropertyValues(
                        "coord.server.data-dir=" + directory,
                        "coord.server.ensemble.id=2",
                        "coord.server.ensemble.members.1=[::1]:2001:3001",
                        "coord.server.ensemble.members.2=localhost:" + ports.get(0) + ':' + ports.get(1)
                                + ":participant",
                        "coord.server.ensemble.members.4=localhost:2004:3004:observer",
                        "coord.server.ensemble.listen-on-all-addresses=true",
                        "coord.server.ensemble.sync-timeout=3s")
                .run(context -> assertThat(
                                context.getBean(EmbeddedServer.class).config().ensemble())
                        .isEqualTo(EnsembleSettings.builder(2)
                                .name("orders")
                                .voter(1, "::1", 2001, 3001)
                                .voter(2, "localhost", ports.get(0), ports.get(1))
                                .observer(4, "localhost", 2004, 3004)
                                .listenOnAllAddresses(true)
                                .electionTimeout(Duration.ofMillis(1_500))
                                .syncTimeout(Duration.ofSeconds(3))
                                .build()));
    }

    @Test
    void withoutTheEnsemblesModuleTheFailureSaysWhatToAdd() {
        runner.withClassLoader(new FilteredClassLoader("io.coord.server.ensemble"))
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("not on the classpath", "io.coord:coord-server-ensemble"));
    }

    @Test
    void aServerThatIsNotToldWhoItIsAndWhereItKeepsItsDataDoesNotStart() {
        runner.run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                .contains("coord.server.data-dir", "has to remember"));
        runner.withPropertyValues("coord.server.data-dir=" + directory)
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("coord.server.ensemble.id", "one of those"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coord.server.ensemble.id=3                            | coord.server.ensemble.id        | [1, 2]",
                "coord.server.ensemble.name=                           | coord.server.ensemble.name      | must not be empty",
                "coord.server.ensemble.members.2=localhost:2002        | coord.server.ensemble.members.2 | host:port:port",
                "coord.server.ensemble.members.2=localhost:70000:3002  | coord.server.ensemble.members.2 | 70000",
                "coord.server.ensemble.sync-timeout=1ms                | coord.server.ensemble.members   | syncTimeout"
            })
    void aWrongSettingIsNamed(String property, String key, String why) {
        runner.withPropertyValues(
                        "coord.server.data-dir=" + directory,
                        "coord.server.ensemble.id=1",
                        "coord.server.ensemble.members.1=localhost:2001:3001",
                        "coord.server.ensemble.members.2=localhost:2002:3002")
                .withPropertyValues(property)
                .run(context ->
                        assertThat(FailureText.of(context.getStartupFailure())).contains(key, why));
    }
}
