package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.EmbeddedServer;
import io.coord.spring.lock.OnFailure;
import io.coord.spring.lock.OnLost;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class CoordPropertiesTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(PropertiesOnly.class);

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        runner.run(context -> {
            CoordProperties properties = context.getBean(CoordProperties.class);
            assertThat(properties.enabled()).isTrue();
            assertThat(properties.mode()).isNull();
            assertThat(properties.sessionTimeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(properties.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(properties.startup()).isEqualTo(CoordStartup.LAZY);
            assertThat(properties.waitTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(properties.retry())
                    .isEqualTo(new CoordProperties.Retry(Duration.ofMillis(100), Duration.ofSeconds(3), 0.5));
            assertThat(properties.auth()).isEmpty();
            assertThat(properties.acl().defaultAcl()).isEqualTo(CoordAcl.OPEN);
            assertThat(properties.lock().root()).isEqualTo("/coord/locks");
            assertThat(properties.lock().waitTime()).isEqualTo(Duration.ofSeconds(30));
            assertThat(properties.lock().onFailure()).isEqualTo(OnFailure.THROW);
            assertThat(properties.lock().onLost()).isEqualTo(OnLost.INTERRUPT);
            assertThat(properties.leader().root()).isEqualTo("/coord/leaders");
            assertThat(properties.discovery().root()).isEqualTo("/services");
            assertThat(properties.discovery().register()).isTrue();
            assertThat(properties.discovery().deregisterDelay()).isEqualTo(Duration.ofSeconds(2));
            CoordProperties.Server server = properties.server();
            assertThat(server.port()).isNull();
            assertThat(server.containerMaxNeverUsed()).isZero();
            var config = EmbeddedServer.builder().build().config();
            assertThat(server.maxRequestSize().toBytes()).isEqualTo(config.maxFrameBytes());
            assertThat(server.maxResponseSize().toBytes()).isEqualTo(config.maxResponseBytes());
            assertThat(server.snapshotAfterWrites()).isEqualTo(config.snapshotAfterWrites());
            assertThat(server.snapshotAfterQuiet()).isEqualTo(config.snapshotAfterQuiet());
            assertThat(server.logSegmentSize().toBytes()).isEqualTo(config.logSegmentBytes());
        });
    }

    @Test
    void bindsNestedKeysListsAndMaps() {
        runner.withPropertyValues(
                        "coord.mode=external",
                        "coord.connect-string=zk1:2181,zk2:2181/shop",
                        "coord.auth[0].username=shop",
                        "coord.auth[0].password=secret",
                        "coord.acl.default=read-only-world",
                        "coord.discovery.metadata.zone=a",
                        "coord.server.port=0",
                        "coord.server.data-dir=data")
                .run(context -> {
                    CoordProperties properties = context.getBean(CoordProperties.class);
                    assertThat(properties.mode()).isEqualTo(CoordMode.EXTERNAL);
                    assertThat(properties.acl().defaultAcl()).isEqualTo(CoordAcl.READ_ONLY_WORLD);
                    assertThat(properties.auth()).singleElement().satisfies(auth -> {
                        assertThat(auth.scheme()).isEqualTo("digest");
                        assertThat(auth.username()).isEqualTo("shop");
                        assertThat(auth.password()).isEqualTo("secret");
                        assertThat(auth.toString()).doesNotContain("secret");
                    });
                    assertThat(properties.discovery().metadata()).isEqualTo(Map.of("zone", "a"));
                    assertThat(properties.server().port()).isZero();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coord.mode                                | cluster    | EMBEDDED",
                "coord.startup                             | sometimes  | LAZY",
                "coord.session-timeout                     | soon       | soon",
                "coord.session-timeout                     | 0s         | between 1 ms",
                "coord.request-timeout                     | -1s        | between 1 ms",
                "coord.connect-timeout                     | 60d        | between 1 ms",
                "coord.namespace                           | /shop      | /shop",
                "coord.retry.jitter                        | 1.5        | between 0 and 1",
                "coord.retry.max                           | 1ms        | coord.retry.base",
                "coord.acl.default                         | creator    | coord.auth",
                "coord.auth[0].scheme                      | digest     | username",
                "coord.lock.root                           | locks      | locks",
                "coord.lock.root                           | /          | root",
                "coord.lock.wait                           | -1s        | negative",
                "coord.lock.on-failure                     | fallback   | skip",
                "coord.lock.on-lost                        | default    | ignore",
                "coord.leader.root                         | /leaders/  | /leaders/",
                "coord.cache.resync-jitter                 | -1s        | negative",
                "coord.cache.max-concurrent-reads          | 0          | one read",
                "coord.discovery.root                      | services   | services",
                "coord.discovery.name                      | a/b        | slash",
                "coord.discovery.instance-id               | a/b        | slash",
                "coord.discovery.port                      | 70000      | 65535",
                "coord.discovery.deregister-delay          | -2s        | negative",
                "coord.discovery.instance-id               | ..         | relative",
                "coord.server.port                         | 65536      | 65535",
                "coord.server.max-request-size             | 20MB       | 10MB",
                "coord.server.max-response-size            | 100B       | 1KB",
                "coord.server.log-segment-size             | 2GB        | 1024MB",
                "coord.server.log-segment-size             | much       | much",
                "coord.server.snapshot-after-writes        | 0          | 1 or more",
                "coord.server.snapshot-after-quiet         | -1s        | between 1 ms",
                "coord.server.container-max-never-used     | -1s        | between 1 ms",
                "coord.server.max-client-connections       | -1         | negative",
                "coord.conect-string                       | zk1        | Did you mean 'coord.connect-string'",
                "coord.server.data.path                    | /x         | Coord has no such configuration",
                "coord.connect-string[0]                   | zk1        | separate its parts by commas",
                "coord.server.min-session-timeout          | 10m        | coord.server.max-session-timeout",
                "coord.server.tick-time                    | 0s         | between 1 ms",
                "coord.server.container-check-interval     | 0s         | between 1 ms",
            })
    void refusesAWrongValueWithItsKeyAndTheReason(String key, String value, String reason) {
        runner.withPropertyValues(key + "=" + value).run(context -> {
            assertThat(context).hasFailed();
            String analysis = FailureText.of(context.getStartupFailure());
            assertThat(analysis)
                    .contains(key.startsWith("coord.auth") ? "coord.auth" : key)
                    .containsIgnoringCase(reason.strip());
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(CoordProperties.class)
    static class PropertiesOnly {}
}
