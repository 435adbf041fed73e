package io.coord.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.server.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InstanceRegistryTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static EmbeddedServer server;
    private static CoordClient client;
    private static CoordClient other;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().port(0).start();
        client = connect();
        other = connect();
    }

    private static CoordClient connect() {
        return CoordClient.builder()
                .connectString(server.connectString())
                .build()
                .start();
    }

    @AfterAll
    static void closeServer() {
        client.close();
        other.close();
        server.close();
    }

    private static InstanceRegistry registry(CoordClient of) {
        return new InstanceRegistry(of, "/services", InstanceSerializer.of(InstanceDetails.class));
    }

    private static ServiceInstance<InstanceDetails> instance(String service, int port) {
        return ServiceInstance.<InstanceDetails>builder(service)
                .id("a")
                .address("10.0.0.1")
                .port(port)
                .payload(new InstanceDetails("a", service, Map.of()))
                .build();
    }

    /** Reads as another client does, and bears that there is nothing to read yet. */
    private static void awaitPort(String service, int port) {
        String path = "/services/" + service + "/a";
        await().atMost(DEADLINE)
                .until(() -> client.checkExists().forPath(path) != null
                        && new String(client.getData().forPath(path), StandardCharsets.UTF_8)
                                .contains("\"port\":" + port));
    }

    private static boolean isGone(String service) {
        return client.checkExists().forPath("/services/" + service + "/a") == null;
    }

    @Test
    void registeringAgainChangesTheRegistration() {
        InstanceRegistry registry = registry(client);
        registry.register(instance("changed", 1));
        awaitPort("changed", 1);
        long czxid = client.checkExists().forPath("/services/changed/a").czxid();
        registry.register(instance("changed", 2));
        awaitPort("changed", 2);
        assertThat(client.checkExists().forPath("/services/changed/a").czxid()).isEqualTo(czxid);
        assertThat(registry.find("changed", "a"))
                .hasValueSatisfying(found -> assertThat(found.port()).isEqualTo(2));
    }

    @Test
    void oneThatSomebodyElseHasTakenOverIsTakenBackWhenItRegistersAgain() {
        InstanceRegistry registry = registry(client);
        registry.register(instance("contended", 1));
        awaitPort("contended", 1);
        registry(other).register(instance("contended", 2));
        awaitPort("contended", 2);
        await().atMost(DEADLINE).until(() -> !registry.isAnyRegistered());
        registry.register(instance("contended", 3));
        awaitPort("contended", 3);
        assertThat(registry.isAnyRegistered()).isTrue();
    }

    @Test
    void whoRegistersAndDeregistersInTurnsEndsAsTheLastOneSays() {
        InstanceRegistry registry = registry(client);
        for (int turn = 1; turn <= 20; turn++) {
            registry.register(instance("turns", turn));
            if (turn < 20) {
                registry.deregister("turns", "a");
            }
        }
        awaitPort("turns", 20);
        for (int turn = 1; turn <= 20; turn++) {
            registry.register(instance("turns", turn));
            registry.deregister("turns", "a");
        }
        registry.deregister("turns", "a").toCompletableFuture().join();
        assertThat(isGone("turns")).isTrue();
        assertThat(registry.find("turns", "a")).isEmpty();
    }

    @Test
    void closedItHasTakenAllBackAndAcceptsNoOthers() {
        InstanceRegistry registry = registry(client);
        registry.register(instance("one", 1));
        registry.register(instance("two", 1));
        awaitPort("one", 1);
        awaitPort("two", 1);
        registry.closeAsync().toCompletableFuture().join();
        assertThat(isGone("one")).isTrue();
        assertThat(isGone("two")).isTrue();
        assertThatThrownBy(() -> registry.register(instance("one", 1))).isInstanceOf(IllegalStateException.class);
    }
}
