package io.coord.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** One instance with its own server, over HTTP. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "shop.instance=alone",
            "shop.restock-interval=20ms",
            "shop.orders-kept=5",
            "coord.server.port=0",
            "coord.discovery.deregister-delay=0"
        })
class ShopTest {

    @TempDir
    private static Path directory;

    @Autowired
    private CoordClient client;

    @LocalServerPort
    private int port;

    private ShopClient shop;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("coord.server.data-dir", () -> directory.resolve("data"));
    }

    @BeforeEach
    void open() {
        shop = new ShopClient(port);
    }

    @AfterEach
    void theBooksBalance() throws IOException {
        JsonNode audit = shop.get("/audit").json();
        assertThat(audit.path("balanced").asBoolean()).as(audit.toString()).isTrue();
    }

    @Test
    void servesThePageAndItsHealth() throws IOException {
        ShopClient.Answer page = shop.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.response().body())
                .contains("<html")
                .doesNotContain("https://")
                .doesNotContain("innerHTML");
        JsonNode health = shop.get("/actuator/health").json();
        assertThat(health.path("status").asString("")).isEqualTo("UP");
        assertThat(health.path("components").path("coord").path("status").asString(""))
                .isEqualTo("UP");
    }

    @Test
    void sellsAnOrderOnceHoweverOftenItIsSent() throws IOException {
        String id = newId();
        ShopClient.Answer first = shop.order(id, "tea", 2);
        assertThat(first.status()).as(first.response().body()).isEqualTo(201);
        assertThat(first.response().headers().firstValue("Location")).contains("/orders/" + id);
        assertThat(first.text("seller")).isEqualTo("alone");
        ShopClient.Answer second = shop.order(id, "tea", 2);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(shop.get("/orders/" + id).json()).isEqualTo(first.json());
    }

    @Test
    void refusesAnotherOrderUnderAnIdThatIsTaken() throws IOException {
        String id = newId();
        assertThat(shop.order(id, "bread", 1).status()).isEqualTo(201);
        ShopClient.Answer other = shop.order(id, "bread", 2);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.text("outcome")).isEqualTo("none");
        assertThat(other.text("orderId")).isEqualTo(id);
    }

    @Test
    void givesAnOrderAnIdIfTheCustomerDoesNot() throws IOException {
        ShopClient.Answer sold = shop.post("/orders", "{\"item\": \"tea\", \"quantity\": 1}");
        assertThat(sold.status()).isEqualTo(201);
        assertThat(shop.get("/orders/" + sold.text("id")).json()).isEqualTo(sold.json());
    }

    @Test
    void refusesMoreThanIsLeft() throws IOException {
        ShopClient.Answer answer = shop.order(newId(), "cheese", 1000);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("detail")).startsWith("Sold out: 1000 × cheese");
        assertThat(answer.text("outcome")).isEqualTo("none");
        assertThat(answer.response().headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void refusesWhatIsNoOrder() throws IOException {
        for (String body : List.of(
                "{}",
                "{\"item\": \"tea\"}",
                "{\"item\": \"tea\", \"quantity\": 0}",
                "{\"item\": \"tea\", \"quantity\": -3}",
                "{\"item\": \"tea\", \"quantity\": 1001}",
                "{\"item\": \"../tea\", \"quantity\": 1}",
                "{\"item\": \"tea\", \"quantity\": 1, \"id\": \"../stock/tea\"}",
                "{\"item\": \"tea\", \"quantity\": 1, \"id\": \"\"}",
                "[]",
                "{",
                "")) {
            ShopClient.Answer answer = shop.post("/orders", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.text("outcome")).as(body).isEqualTo("none");
        }
        assertThat(shop.order("?think-time=-1s", newId(), "tea", 1).status()).isEqualTo(400);
        assertThat(shop.order("?think-time=1h", newId(), "tea", 1).status()).isEqualTo(400);
        assertThat(shop.order("?think-time=long", newId(), "tea", 1).status()).isEqualTo(400);
        assertThat(shop.order(newId(), "unicorn", 1).status()).isEqualTo(404);
        assertThat(shop.get("/orders/unknown").status()).isEqualTo(404);
    }

    @Test
    void leaderRestocksWhatIsSold() throws IOException {
        await().until(() -> shop.leader().equals("alone"));
        int left = shop.left("apple");
        assertThat(shop.order(newId(), "apple", left).status()).isEqualTo(201);
        await().until(() -> shop.left("apple") == 40);
        assertThat(shop.get("/events").response().body()).contains("Restocked: 40 × apple");
    }

    @Test
    void followsTheConfiguration() throws IOException {
        JsonNode before = shop.get("/config").json();
        String json = before.path("value").toString().replace("\"discountPercent\":0", "\"discountPercent\":50");
        int version = before.path("version").asInt();
        assertThat(shop.put("/config?version=" + version, json).status()).isEqualTo(200);
        await().until(() -> shop.get("/config").json().path("version").asInt() == version + 1);
        assertThat(shop.order(newId(), "cheese", 2).json().path("totalCents").asInt())
                .isEqualTo(650);

        ShopClient.Answer late = shop.put("/config?version=" + version, json);
        assertThat(late.status()).isEqualTo(409);
        ShopClient.Answer wrong = shop.put("/config", json.replace("50", "91"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("detail")).isEqualTo("discountPercent must be from 0 to 90");

        shop.put("/config", before.path("value").toString());
        await().until(() -> shop.get("/config").json().path("value").equals(before.path("value")));
    }

    @Test
    void keepsTheLastGoodConfigurationWhenTheZnodeHoldsNone() throws IOException {
        JsonNode good = shop.get("/config").json();
        byte[] data = client.getData().forPath(ShopTree.CONFIG);
        client.setData().forPath(ShopTree.CONFIG, "<html>".getBytes(StandardCharsets.UTF_8));
        await().until(() -> !shop.get("/config").text("problem").isEmpty());
        assertThat(shop.get("/config").json().path("value")).isEqualTo(good.path("value"));
        assertThat(shop.order(newId(), "tea", 1).status()).isEqualTo(201);
        client.setData().forPath(ShopTree.CONFIG, data);
        await().until(() -> shop.get("/config").text("problem").isEmpty());
    }

    @Test
    void showsWhoHoldsTheLockAndWhoWaits() throws Exception {
        CompletableFuture<ShopClient.Answer> slow = async("?think-time=2s");
        await().until(() -> queue().size() == 1);
        CompletableFuture<ShopClient.Answer> next = async("");
        await().until(() -> queue().size() == 2);
        JsonNode queue = queue();
        assertThat(queue.get(0).path("instance").asString("")).isEqualTo("alone");
        assertThat(queue.get(0).path("mode").asString("")).isEqualTo("WRITE");
        assertThat(queue.get(0).path("holds").asBoolean()).isTrue();
        assertThat(queue.get(1).path("holds").asBoolean()).isFalse();
        assertThat(slow.get().status()).isEqualTo(201);
        assertThat(next.get().status()).isEqualTo(201);
        long first = slow.get().json().path("fencingToken").asLong();
        assertThat(next.get().json().path("fencingToken").asLong()).isGreaterThan(first);
        await().until(() -> queue().isEmpty());
    }

    @Test
    void refusesTheWriteOfASellerWhoseLockIsGone() throws Exception {
        int left = shop.left("tea");
        CompletableFuture<ShopClient.Answer> slow = async("?think-time=1s");
        await().until(() -> queue().size() == 1);
        String lock = shop.get("/locks").text("path");
        client.delete().forPath(lock + '/' + client.getChildren().forPath(lock).get(0));
        assertThat(slow.get().status()).as(slow.get().response().body()).isEqualTo(503);
        assertThat(slow.get().text("outcome")).isEqualTo("none");
        assertThat(slow.get().response().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(shop.left("tea")).isEqualTo(left);
    }

    @Test
    void carriesOldOrdersForward() throws IOException {
        for (int i = 0; i < 12; i++) {
            assertThat(shop.order(newId(), "bread", 1).status()).isEqualTo(201);
        }
        await().until(() -> client.getChildren().forPath(ShopTree.ORDERS).size() <= 5);
        assertThat(shop.get("/orders").json().size()).isLessThanOrEqualTo(5);
    }

    @Test
    void showsItselfInTheOverview() throws IOException {
        await().until(() -> shop.instances().equals(List.of("alone")));
        JsonNode overview = shop.get("/overview").json();
        assertThat(overview.path("self").asString("")).isEqualTo("alone");
        assertThat(overview.path("servers").asString("")).isEqualTo("server in this process");
        assertThat(overview.path("instances").get(0).path("port").asInt()).isEqualTo(port);
        assertThat(overview.path("stock").size()).isEqualTo(4);
    }

    private CompletableFuture<ShopClient.Answer> async(String query) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return shop.order(query, newId(), "tea", 1);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private JsonNode queue() throws IOException {
        return shop.get("/locks").json().path("queue");
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
