package io.coord.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Two applications on one server. */
class TwoInstancesTest {

    private static final String NO_RESTOCKING = """
            {"discountPercent": 0, "restockBelow": 0, "restockTo": 0, "priceCents": {"apple": 45}}""";

    private static final EmbeddedServer server =
            EmbeddedServer.builder().port(0).build();
    private static final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    private static ShopClient a;
    private static ShopClient b;

    @BeforeAll
    static void start() {
        server.start();
        a = client(instance(server, "a"));
        b = client(instance(server, "b"));
    }

    @AfterAll
    static void stop() {
        contexts.forEach(ConfigurableApplicationContext::close);
        server.close();
    }

    @Test
    void seeOthersComeAndGo() throws IOException {
        await().until(() ->
                a.instances().equals(List.of("a", "b")) && b.instances().equals(List.of("a", "b")));
        assertThat(a.get("/overview").text("servers")).isEqualTo("servers at localhost:" + server.port());
        try (ConfigurableApplicationContext c = instance(server, "c")) {
            await().until(() -> a.instances().equals(List.of("a", "b", "c")));
            assertThat(client(c).instances()).containsAll(List.of("a", "b"));
        }
        await().until(() -> a.instances().equals(List.of("a", "b")));
        await().until(() -> a.get("/events").response().body().contains("c went"));
    }

    @Test
    void electOneAndTheOtherFollowsWhenItGoes() throws IOException {
        try (EmbeddedServer another = EmbeddedServer.builder().port(0).build().start()) {
            ConfigurableApplicationContext first = instance(another, "first");
            ConfigurableApplicationContext second = instance(another, "second");
            ShopClient shop = client(second);
            await().until(() ->
                    shop.leader().equals("first") && client(first).leader().equals("first"));
            first.close();
            await().until(() -> shop.leader().equals("second"));
            assertThat(shop.order("all-of-it", "tea", 20).status()).isEqualTo(201);
            await().until(() -> shop.left("tea") == 40);
            assertThat(shop.get("/audit").json().path("balanced").asBoolean()).isTrue();
            second.close();
        }
    }

    @Test
    void neverSellMoreThanThereIs() throws Exception {
        assertThat(a.put("/config", NO_RESTOCKING).status()).isEqualTo(200);
        for (ShopClient shop : List.of(a, b)) {
            await().until(() ->
                    shop.get("/config").json().path("value").path("restockTo").asInt() == 0);
        }
        int left = b.left("apple");
        ExecutorService customers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 2 * left; i++) {
                ShopClient shop = i % 2 == 0 ? a : b;
                String id = "order-" + i;
                answers.add(customers.submit(() -> shop.order(id, "apple", 1).status()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            assertThat(statuses).containsOnly(201, 409);
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(left);
        } finally {
            customers.shutdownNow();
        }
        assertThat(a.left("apple")).isZero();
        assertThat(b.get("/audit").json().path("balanced").asBoolean()).isTrue();
        List<String> sellers = new ArrayList<>();
        a.get("/orders")
                .json()
                .forEach(order -> sellers.add(order.path("seller").asString("")));
        assertThat(sellers).contains("a", "b");
    }

    @Test
    void sellAnOrderOnceEvenIfBothAreAsked() throws IOException {
        assertThat(a.order("same", "bread", 3).status()).isEqualTo(201);
        ShopClient.Answer second = b.order("same", "bread", 3);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text("seller")).isEqualTo("a");
    }

    private static ConfigurableApplicationContext instance(EmbeddedServer server, String name) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(ShopApplication.class)
                .run(
                        "--server.port=0",
                        "--shop.instance=" + name,
                        "--shop.restock-interval=20ms",
                        "--coord.connect-string=localhost:" + server.port(),
                        "--coord.discovery.deregister-delay=0");
        contexts.add(context);
        return context;
    }

    private static ShopClient client(ConfigurableApplicationContext context) {
        return new ShopClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
}
