package io.coord.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three instances in three processes sell from one stock, under load. One is killed and one is paused between looking at the
 * stock and writing it, then the server is killed, too. At the end the books balance, to the piece.
 */
class ThreeInstancesFaultTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    @Test
    void stockIsExactWithTheServerInTheFirstInstance() throws Exception {
        int port = FreePort.find();
        try (ShopInstance a = new ShopInstance(
                        "a",
                        FreePort.find(),
                        directory,
                        "--coord.server.port=" + port,
                        "--coord.server.tick-time=500ms",
                        "--coord.server.data-dir=" + directory.resolve("data"));
                ShopInstance b = external("b", port);
                ShopInstance c = external("c", port)) {
            tell(List.of(a, b, c), a.process, "localhost:" + port);
        }
    }

    @Test
    void stockIsExactOnRealZooKeeper() throws Exception {
        int port = FreePort.find();
        try (JavaProcess zookeeper = zookeeper(port);
                ShopInstance a = external("a", port);
                ShopInstance b = external("b", port);
                ShopInstance c = external("c", port)) {
            tell(List.of(a, b, c), zookeeper, "localhost:" + port);
        }
    }

    private void tell(List<ShopInstance> instances, JavaProcess server, String connectString) throws Exception {
        ShopInstance a = instances.get(0);
        ShopInstance b = instances.get(1);
        ShopInstance c = instances.get(2);
        List<ShopClient> shops = instances.stream().map(each -> each.http).toList();
        awaitThatAllSee(instances, "a", "b", "c");
        // Little stock, so that the last piece is often what two sellers want.
        shops.get(0).put("/config", """
                {"discountPercent": 0, "restockBelow": 3, "restockTo": 12, "priceCents": {"apple": 45, "bread": 280}}""");

        try (Customers customers = new Customers(shops, 2)) {
            awaitSales(customers, 30);

            killedBetweenLookAndWrite(b, a, customers);
            b.process.start();

            pausedBetweenLookAndWrite(c, a, customers);
            awaitThatAllSee(instances, "a", "b", "c");

            server.kill();
            server.start();
            awaitThatAllSee(instances, "a", "b", "c");
            awaitSales(customers, 30);

            customers.finish();
            System.out.println("Three instances: " + customers);
            for (ShopClient shop : shops) {
                assertThat(shop.get("/audit").json().path("balanced").asBoolean())
                        .isTrue();
            }
            assertThatStockIsExact(connectString, customers);
            assertThat(customers.soldOut).as("orders that were too late").hasPositiveValue();
        }
        // The one with the server goes last.
        assertThat(c.process.terminate()).isEqualTo(143);
        assertThat(b.process.terminate()).isEqualTo(143);
        assertThat(a.process.terminate()).isEqualTo(143);
        for (ShopInstance instance : instances) {
            assertThat(instance.process.output()).doesNotContain("\tat ").doesNotContain("LEAK: ");
        }
    }

    private void killedBetweenLookAndWrite(ShopInstance victim, ShopInstance other, Customers customers)
            throws Exception {
        CompletableFuture<ShopClient.Answer> order = orderWithThought(victim, "killed", "60s");
        victim.process.kill();
        assertThat(order).failsWithin(PATIENCE).withThrowableOfType(ExecutionException.class);
        awaitSales(customers, 20);
        assertThat(other.http.get("/orders/killed").status()).isEqualTo(404);
    }

    private void pausedBetweenLookAndWrite(ShopInstance victim, ShopInstance other, Customers customers)
            throws Exception {
        CompletableFuture<ShopClient.Answer> order = orderWithThought(victim, "paused", "2s");
        victim.process.pause();
        // The others go on once its session has expired: the stock that it saw is out of date now.
        await().atMost(PATIENCE).until(() -> !other.http.instances().contains(victim.name));
        awaitSales(customers, 20);
        victim.process.resume();
        ShopClient.Answer refused = order.get();
        assertThat(refused.status()).as(refused.response().body()).isEqualTo(503);
        assertThat(refused.text("outcome")).isEqualTo("none");
        assertThat(other.http.get("/orders/paused").status()).isEqualTo(404);
    }

    /** Returns when the instance has looked at the stock and has not written it. */
    private static CompletableFuture<ShopClient.Answer> orderWithThought(
            ShopInstance instance, String id, String thinkTime) throws InterruptedException {
        CompletableFuture<ShopClient.Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                ShopClient.Answer last;
                do {
                    last = instance.http.order("?think-time=" + thinkTime, id, "apple", 1);
                    // Sold out, or too many before it: it did not come to looking, or found nothing there.
                } while (!instance.isThinkingAbout(id));
                return last;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> instance.isThinkingAbout(id));
        return answer;
    }

    /** Looks at the znodes themselves, not through the shop. */
    private static void assertThatStockIsExact(String connectString, Customers customers) {
        try (CoordClient client =
                CoordClient.builder().connectString(connectString).build().start()) {
            Map<String, Customers.Sold> ledger = new HashMap<>();
            for (String id : client.getChildren().forPath("/shop/orders")) {
                JsonNode order = read(client, "/shop/orders/" + id);
                ledger.put(
                        order.path("id").asString(""),
                        new Customers.Sold(
                                order.path("item").asString(""),
                                order.path("quantity").asInt()));
            }
            assertThat(ledger).as("orders in the ledger").isEqualTo(Map.copyOf(customers.sold));

            Map<String, Integer> delivered = new HashMap<>();
            for (String name : client.getChildren().forPath("/shop/deliveries")) {
                JsonNode delivery = read(client, "/shop/deliveries/" + name);
                delivered.merge(
                        delivery.path("item").asString(""),
                        delivery.path("quantity").asInt(),
                        Integer::sum);
            }
            for (String item : client.getChildren().forPath("/shop/stock")) {
                int sold = ledger.values().stream()
                        .filter(each -> each.item().equals(item))
                        .mapToInt(Customers.Sold::quantity)
                        .sum();
                int left = read(client, "/shop/stock/" + item).path("left").asInt();
                assertThat(left).as(item).isEqualTo(delivered.get(item) - sold).isNotNegative();
            }
        }
    }

    private static JsonNode read(CoordClient client, String path) {
        return JSON.readTree(client.getData().forPath(path));
    }

    private static void awaitThatAllSee(List<ShopInstance> instances, String... names) {
        for (ShopInstance instance : instances) {
            await(instance.name)
                    .atMost(PATIENCE)
                    .failFast(instance.name + " has ended", () -> !instance.process.isAlive())
                    .until(() ->
                            instance.http.isUp() && instance.http.instances().containsAll(List.of(names)));
        }
    }

    private static void awaitSales(Customers customers, int more) {
        int target = customers.sold.size() + more;
        await().atMost(PATIENCE).until(() -> customers.sold.size() >= target);
    }

    private ShopInstance external(String name, int port) throws IOException {
        return new ShopInstance(name, FreePort.find(), directory, "--coord.connect-string=localhost:" + port);
    }

    private JavaProcess zookeeper(int port) throws IOException {
        Path config =
                Files.writeString(directory.resolve("zoo.cfg"), """
                tickTime=500
                dataDir=%s
                clientPort=%d
                admin.enableServer=false
                """.formatted(directory.resolve("zookeeper"), port));
        String classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new JavaProcess(
                "zookeeper",
                directory,
                classpath,
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                List.of(config.toString()));
    }
}
