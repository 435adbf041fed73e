package io.coord.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A customer: talks to one instance over HTTP. Thread-safe: immutable. */
final class ShopClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    record Answer(int status, HttpResponse<String> response) {

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String text(String field) {
            return json().path(field).asString("");
        }
    }

    private final int port;

    ShopClient(int port) {
        this.port = port;
    }

    Answer get(String path) throws IOException {
        return send(request(path).GET());
    }

    Answer put(String path, String json) throws IOException {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    Answer order(String id, String item, int quantity) throws IOException {
        return order("", id, item, quantity);
    }

    Answer order(String query, String id, String item, int quantity) throws IOException {
        String body = JSON.writeValueAsString(
                JSON.createObjectNode().put("id", id).put("item", item).put("quantity", quantity));
        return post("/orders" + query, body);
    }

    Answer post(String path, String json) throws IOException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    /** Names of the instances that this one sees; none when it does not answer. */
    List<String> instances() {
        return names("/instances", "id");
    }

    /** The instance that this one takes for the leader; empty when it sees none or does not answer. */
    String leader() {
        try {
            return get("/overview").text("leader");
        } catch (IOException e) {
            return "";
        }
    }

    boolean isUp() {
        try {
            return get("/actuator/health").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    int left(String item) throws IOException {
        for (JsonNode line : get("/stock").json()) {
            if (line.path("item").asString("").equals(item)) {
                return line.path("left").asInt();
            }
        }
        throw new AssertionError("no stock of " + item);
    }

    private List<String> names(String path, String field) {
        List<String> names = new ArrayList<>();
        try {
            get(path).json().forEach(each -> names.add(each.path(field).asString("")));
        } catch (IOException e) {
            return List.of();
        }
        return names;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
