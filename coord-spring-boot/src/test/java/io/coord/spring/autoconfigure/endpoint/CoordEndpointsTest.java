package io.coord.spring.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.leader.LeaderOnly;
import io.coord.spring.leader.LeaderRoles;
import io.coord.spring.lock.LockTemplate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoints of a web application, over HTTP. */
@Timeout(120)
class CoordEndpointsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static EmbeddedServer server;

    /** With nothing set that matters here. */
    private static ConfigurableApplicationContext plain;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().port(0).start();
        plain = run(server, Application.class, "--coord.discovery.metadata.zone=north");
    }

    @AfterAll
    static void closeServer() {
        plain.close();
        server.close();
    }

    @BeforeEach
    void askThePlainApplication() {
        port = portOf(plain);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private ConfigurableApplicationContext start(Class<?> application, String... settings) {
        return start(server, application, settings);
    }

    private ConfigurableApplicationContext start(EmbeddedServer coord, Class<?> application, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        // One with this id is registered already.
        all.add("--coord.discovery.register=false");
        ConfigurableApplicationContext context = run(coord, application, all.toArray(String[]::new));
        open.add(context);
        port = portOf(context);
        return context;
    }

    private static ConfigurableApplicationContext run(EmbeddedServer coord, Class<?> application, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.main.register-shutdown-hook=false",
                "--spring.application.name=shop",
                "--management.endpoints.web.exposure.include=*",
                "--coord.discovery.instance-id=shop-1",
                "--coord.discovery.deregister-delay=0",
                "--coord.startup=wait",
                "--coord.connect-string=" + coord.connectString()));
        arguments.addAll(List.of(settings));
        return SpringApplication.run(application, arguments.toArray(String[]::new));
    }

    private static int portOf(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(response.body());
    }

    @Test
    void coordTellsOfTheClients() throws Exception {
        JsonNode body = json("coord");
        assertThat(body.at("/servers/mode").asString()).isEqualTo("external");
        assertThat(body.at("/servers/addresses").asString()).isEqualTo(server.connectString());
        JsonNode client = body.at("/clients/coordClient");
        assertThat(client.path("state").asString()).isEqualTo("CONNECTED");
        assertThat(client.path("session").asString())
                .isEqualTo(
                        "0x" + Long.toHexString(plain.getBean(CoordClient.class).sessionId()));
        assertThat(client.path("watches").isNumber()).isTrue();
    }

    @Test
    void coordTellsOfTheServerInTheSameProcess() throws Exception {
        start(Application.class, "--coord.mode=embedded");
        assertThat(json("coord").at("/server/acceptsWrites").asBoolean()).isTrue();
    }

    @Test
    void locksTellWhoHoldsAndWhoWaits() throws Exception {
        LockTemplate locks = plain.getBean(LockTemplate.class);
        String thread = Thread.currentThread().getName();
        assertThat(json("coordlocks").path("locks").isEmpty()).isTrue();
        try (CoordClient other = CoordClient.builder()
                .connectString(server.connectString())
                .build()
                .start()) {
            locks.write("stock").key("tea/green").forPurpose("nightly report").run(lease -> {
                var waiting = new io.coord.recipes.lock.ReadWriteLock(other, "/coord/locks/stock/tea%2Fgreen")
                        .readLock()
                        .acquireAsync()
                        .toCompletableFuture();
                await().atMost(DEADLINE).untilAsserted(() -> {
                    JsonNode lock = json("coordlocks").path("locks").path("stock/tea%2Fgreen");
                    JsonNode holder = lock.path("holders").path(0);
                    assertThat(holder.path("kind").asString()).isEqualTo("write");
                    assertThat(holder.path("here").asBoolean()).isTrue();
                    assertThat(holder.path("purpose").asString()).isEqualTo("shop-1 nightly report");
                    assertThat(holder.path("process").asLong())
                            .isEqualTo(ProcessHandle.current().pid());
                    assertThat(holder.path("thread").asString()).isEqualTo(thread);
                    assertThat(holder.path("fencingToken").asLong()).isEqualTo(lease.fencingToken());
                    JsonNode waits = lock.path("waiting").path(0);
                    assertThat(waits.path("kind").asString()).isEqualTo("read");
                    assertThat(waits.path("here").asBoolean()).isFalse();
                });
                assertThat(json("coordlocks/stock/tea%252Fgreen")
                                .path("holders")
                                .size())
                        .isEqualTo(1);
                waiting.cancel(true);
                return null;
            });
        }
        locks.withPermit("licences", 1, lease -> {
            JsonNode permits = json("coordlocks/licences");
            assertThat(permits.path("holders").size()).isEqualTo(1);
            assertThat(permits.at("/holders/0/kind").asString()).isEqualTo("permit");
            return null;
        });
        assertThat(json("coordlocks/nothing").path("holders").isEmpty()).isTrue();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void nobodyAsksForALockUntilSomebodyAllowsIt() throws Exception {
        LockTemplate locks = plain.getBean(LockTemplate.class);
        locks.withMutex("kept", lease -> {
            assertThat(post("coordlocks/kept", "{}").statusCode()).isEqualTo(405);
            assertThat(json("coordlocks/kept").at("/holders/0/releaseRequested").asBoolean())
                    .isFalse();
            return null;
        });
        start(
                Application.class,
                "--management.endpoint.coordlocks.access=unrestricted",
                "--management.endpoints.access.max-permitted=read-only");
        assertThat(post("coordlocks/kept", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void whoeverHoldsALockIsAskedToReleaseIt() throws Exception {
        LockTemplate locks = plain.getBean(LockTemplate.class);
        start(Application.class, "--management.endpoint.coordlocks.access=unrestricted");
        CountDownLatch asked = new CountDownLatch(1);
        locks.write("stock")
                .key("a/b")
                .onReleaseRequested(lease -> asked.countDown())
                .run(lease -> {
                    String znode = lease.path().substring(lease.path().lastIndexOf('/') + 1);
                    assertThat(post("coordlocks/stock/a%252Fb", "{\"znode\":\"somebody else's\"}")
                                    .statusCode())
                            .isEqualTo(404);
                    assertThat(asked.getCount()).isEqualTo(1);
                    HttpResponse<String> answer = post("coordlocks/stock/a%252Fb", "{\"znode\":\"" + znode + "\"}");
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(JsonMapper.shared()
                                    .readTree(answer.body())
                                    .at("/asked/0")
                                    .asString())
                            .isEqualTo(znode);
                    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                    assertThat(json("coordlocks/stock/a%252Fb")
                                    .at("/holders/0/releaseRequested")
                                    .asBoolean())
                            .isTrue();
                    return null;
                });
        assertThat(post("coordlocks/stock/a%252Fb", "{}").statusCode()).isEqualTo(404);
        CountDownLatch permits = new CountDownLatch(1);
        locks.permit("licences", 2)
                .onReleaseRequested(lease -> permits.countDown())
                .run(lease -> {
                    assertThat(post("coordlocks/licences", "").statusCode()).isEqualTo(200);
                    assertThat(permits.await(20, TimeUnit.SECONDS)).isTrue();
                    return null;
                });
    }

    @Test
    void leadersTellRolesAndElections() throws Exception {
        await().atMost(DEADLINE).until(() -> plain.getBean(LeaderRoles.class).isLeader("reports"));
        JsonNode body = json("coordleaders");
        assertThat(body.at("/roles/reports/leader").asBoolean()).isTrue();
        assertThat(body.at("/roles/reports/generation").asLong()).isEqualTo(1);
        assertThat(body.path("steppedDown").asBoolean()).isFalse();
        JsonNode candidate = body.at("/elections/reports/0");
        assertThat(candidate.path("id").asString()).isEqualTo("shop-1");
        assertThat(candidate.path("leader").asBoolean()).isTrue();
        assertThat(candidate.path("here").asBoolean()).isTrue();
    }

    @Test
    void servicesTellTheInstances() throws Exception {
        await().atMost(DEADLINE)
                .until(() -> !json("coordservices").path("services").isEmpty());
        JsonNode instance = json("coordservices/shop").at("/services/shop/0");
        assertThat(instance.path("id").asString()).isEqualTo("shop-1");
        assertThat(instance.path("here").asBoolean()).isTrue();
        assertThat(instance.path("port").asInt()).isEqualTo(port);
        assertThat(instance.at("/metadata/zone").asString()).isEqualTo("north");
        assertThat(get("coordservices/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void thereIsNoTreeUntilSomebodyAllowsIt() throws Exception {
        assertThat(get("coordtree").statusCode()).isEqualTo(404);
        assertThat(get("coordtree/shop").statusCode()).isEqualTo(404);
    }

    @Test
    void theTreeMasksWhatZnodesHold() throws Exception {
        ConfigurableApplicationContext context =
                start(Application.class, "--management.endpoint.coordtree.access=read-only");
        write(context, "/masked/password", "top secret");
        HttpResponse<String> response = get("coordtree/masked/password");
        assertThat(response.body()).doesNotContain("top secret");
        JsonNode znode = json("coordtree/masked/password");
        assertThat(znode.path("path").asString()).isEqualTo("/masked/password");
        assertThat(znode.path("data").asString()).isEqualTo("******");
        assertThat(znode.at("/stat/dataLength").asInt()).isEqualTo(10);
        assertThat(znode.at("/stat/version").asInt()).isZero();
        assertThat(json("coordtree/masked").path("data").isNull()).isTrue();
        assertThat(json("coordtree/masked").path("children").toString()).isEqualTo("[\"password\"]");
        assertThat(json("coordtree").path("children").toString()).contains("\"masked\"");
        assertThat(get("coordtree/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("coordtree/zookeeper%2F%2Fquota").statusCode()).isBetween(400, 499);
    }

    @Test
    void whoIsNotAuthorizedSeesNoValues() throws Exception {
        ConfigurableApplicationContext context = start(
                Application.class,
                "--management.endpoint.coordtree.access=read-only",
                "--management.endpoint.coordtree.show-values=when-authorized",
                "--management.endpoint.coordtree.roles=admin");
        write(context, "/shop/password", "top secret");
        assertThat(json("coordtree/shop/password").path("data").asString()).isEqualTo("******");
    }

    @Test
    void valuesAreShownWhereSomebodyAsksForThem() throws Exception {
        ConfigurableApplicationContext context = start(
                SanitizedApplication.class,
                "--management.endpoint.coordtree.access=read-only",
                "--management.endpoint.coordtree.show-values=always");
        write(context, "/shop/prices", "{\"tea\":3}");
        write(context, "/shop/password", "top secret");
        assertThat(json("coordtree/shop/prices").path("data").asString()).isEqualTo("{\"tea\":3}");
        assertThat(json("coordtree/shop/password").path("data").asString())
                .as("the application's own rule")
                .isEqualTo("******");
        context.getBean(CoordClient.class).create().forPath("/shop/bytes", new byte[] {(byte) 0xFF});
        assertThat(json("coordtree/shop/bytes").path("data").asString()).isEqualTo("base64:/w==");
    }

    @Test
    void serversThatDoNotAnswerAre503AndCoordSaysWhatIsKnown() throws Exception {
        EmbeddedServer dying = EmbeddedServer.builder().port(0).start();
        open.add(dying);
        start(dying, Application.class, "--coord.request-timeout=300ms");
        dying.close();
        await().atMost(DEADLINE)
                .until(() -> !json("coord")
                        .at("/clients/coordClient/state")
                        .asString()
                        .equals("CONNECTED"));
        HttpResponse<String> response = get("coordlocks");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"problem\"");
        assertThat(get("coordleaders").statusCode()).isEqualTo(503);
    }

    @Test
    void withoutActuatorThereAreNoEndpoints() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class,
                        CoordEndpointAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString())
                .withClassLoader(new FilteredClassLoader(Endpoint.class))
                .run(context ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(CoordEndpointAutoConfiguration.class));
    }

    @Test
    void endpointsThatAreNotExposedAreNotMade() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class,
                        CoordEndpointAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString())
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CoordEndpoint.class)
                        .doesNotHaveBean(CoordTreeEndpoint.class));
    }

    private static void write(ConfigurableApplicationContext context, String path, String data) {
        context.getBean(CoordClient.class)
                .create()
                .orSetData()
                .creatingParentsIfNeeded()
                .forPath(path, data.getBytes(StandardCharsets.UTF_8));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Reports reports() {
            return new Reports();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SanitizedApplication {

        @Bean
        SanitizingFunction passwords() {
            return SanitizingFunction.sanitizeValue().ifKeyContains("password");
        }
    }

    static class Reports {

        @LeaderOnly("reports")
        void write() {}
    }
}
