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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Two applications on one server. */
class TwoInstancesTest {

    private static final String NO_RESTOCKING = """
            {"discountPercent": 0, "restockBelow": 0, "restockTo": 0, "priceCents": {"apple": 45}}""";

    private final EmbeddedServer server = EmbeddedServer.builder().port(0).build();
    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    private ShopClient a;
    private ShopClient b;

    @BeforeEach
    void start() throws IOException {
        server.start();
        a = instance("a");
        b = instance("b");
    }

    @AfterEach
    void stop() {
        contexts.forEach(ConfigurableApplicationContext::close);
        server.close();
    }

    @Test
    void seeEachOtherComeAndGo() throws IOException {
        await().until(() ->
                a.instances().equals(List.of("a", "b")) && b.instances().equals(List.of("a", "b")));
        assertThat(a.get("/overview").text("servers")).isEqualTo("servers at localhost:" + server.port());
        contexts.get(1).close();
        await().until(() -> a.instances().equals(List.of("a")));
        await().until(() -> a.get("/events").response().body().contains("b went"));
        instance("b");
        await().until(() -> a.instances().equals(List.of("a", "b")));
    }

    @Test
    void electOneAndTheOtherFollowsWhenItGoes() throws IOException {
        await().until(() -> a.leader().equals("a") && b.leader().equals("a"));
        contexts.get(0).close();
        await().until(() -> b.leader().equals("b"));
        assertThat(b.order("all-of-it", "tea", 20).status()).isEqualTo(201);
        await().until(() -> b.left("tea") == 40);
        assertThat(b.get("/audit").json().path("balanced").asBoolean()).isTrue();
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

    private ShopClient instance(String name) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(ShopApplication.class)
                .run(
                        "--server.port=0",
                        "--shop.instance=" + name,
                        "--shop.restock-interval=20ms",
                        "--coord.connect-string=localhost:" + server.port(),
                        "--coord.discovery.deregister-delay=0");
        contexts.add(context);
        return new ShopClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
}
