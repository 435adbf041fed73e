package io.coord.verification.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.server.admin.CommandResponse;
import org.apache.zookeeper.server.admin.Commands;
import org.apache.zookeeper.server.admin.JsonOutputter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of our admin server beside those of real ZooKeeper: same names, same fields of the same kinds in the same order. */
class AdminCommandsCompatTest {
    /** They hand out a file, and take one in. */
    private static final Set<String> WITH_FILES = Set.of("snapshot", "restore");
    /** Objects whose names are data. */
    private static final Set<String> MAPS = Set.of(
            "expiry_time_to_session_ids",
            "session_id_to_ephemeral_paths",
            "session_id_to_watched_paths",
            "path_to_session_ids");

    /** Its fields stand in the order in which the JVM happens to know the methods of a class. */
    private static final String UNORDERED = "server_stats";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static OperatedServers servers;
    private static HttpClient http;

    @BeforeAll
    static void startBoth() throws IOException, InterruptedException, KeeperException {
        servers = OperatedServers.start();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stopBoth() throws IOException {
        servers.close();
    }

    private static HttpResponse<String> fetch(String path) {
        URI uri = URI.create("http://127.0.0.1:" + servers.coord.adminPort().orElseThrow() + path);
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonNode coord(String command) throws IOException {
        return JSON.readTree(fetch("/commands/" + command).body());
    }

    /** What its own outputter makes of its own command, without the web server around it. */
    private static JsonNode zooKeeper(String command) throws IOException {
        CommandResponse response = Commands.runGetCommand(command, servers.zooKeeper.server(), Map.of(), null, null);
        StringWriter text = new StringWriter();
        try (PrintWriter writer = new PrintWriter(text)) {
            new JsonOutputter("127.0.0.1").output(response, writer);
        }
        return JSON.readTree(text.toString());
    }

    static Stream<String> comparedCommands() {
        // The monitor has a test of its own, environment and properties are those of the machine.
        Set<String> others = Set.of("monitor", "system_properties", "hash");
        return Commands.getPrimaryNames().stream()
                .filter(name -> !WITH_FILES.contains(name) && !others.contains(name))
                .sorted();
    }

    /** Names and kinds of all fields, with how many entries there are where the names are data. */
    private static String shape(JsonNode node, String name) {
        if (node.isObject() && MAPS.contains(name)) {
            return "map";
        } else if (node.isObject()) {
            List<String> fields = new ArrayList<>();
            for (Map.Entry<String, JsonNode> each : node.properties()) {
                fields.add(each.getKey() + ':' + shape(each.getValue(), each.getKey()));
            }
            if (name.equals(UNORDERED)) {
                Collections.sort(fields);
            }
            return fields.toString();
        } else if (node.isArray()) {
            return "list of " + node.size() + (node.isEmpty() ? "" : shape(node.get(0), name));
        }
        return node.isIntegralNumber() ? "number" : node.getNodeType() + (node.isNumber() ? " with digits" : "");
    }

    @ParameterizedTest
    @MethodSource("comparedCommands")
    void aCommandHasTheSameFieldsOfTheSameKinds(String command) throws IOException {
        assertThat(shape(coord(command), "")).isEqualTo(shape(zooKeeper(command), ""));
        assertThat(fetch("/commands/" + command).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("comparedCommands")
    void aCommandHasTheSameOtherNames(String command) {
        for (String alias : Commands.getCommand(command).getNames()) {
            assertThat(fetch("/commands/" + alias).body()).as(alias).contains("\"command\" : \"" + command + "\"");
        }
    }

    @Test
    void theListHasAllCommandsOfZooKeeper() {
        List<String> links = Commands.getPrimaryNames().stream()
                .sorted()
                .map(name -> "<a href=\"/commands/" + name + "\">" + name + "</a>")
                .toList();

        assertThat(fetch("/commands").body().lines().filter(line -> line.startsWith("<a")))
                .containsExactlyElementsOf(links);
    }

    @Test
    void theMonitorHasTheSameKeysAndKinds() throws IOException {
        JsonNode ours = coord("monitor");
        JsonNode theirs = zooKeeper("monitor");
        for (String key : keys(theirs)) {
            assertThat(ours.has(key)).as(key).isTrue();
            assertThat(ours.get(key).getNodeType())
                    .as(key)
                    .isEqualTo(theirs.get(key).getNodeType());
        }
    }

    private static Set<String> keys(JsonNode node) {
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        keys.removeIf(key -> key.endsWith("_per_namespace") && !key.contains("_operated_"));
        return keys;
    }

    @Test
    void aDigestHasTheSameFields() throws IOException {
        assertThat(shape(coord("hash"), ""))
                .isEqualTo("[digests:list of 1[zxid:number, digest:number, digest_version:number],"
                        + " command:STRING, error:NULL]");
    }

    @Test
    void anUnknownCommandIsAnAnswerLikeAnyOther() throws IOException {
        assertThat(coord("nosuch")).isEqualTo(zooKeeper("nosuch"));
        assertThat(fetch("/commands/nosuch").statusCode()).isEqualTo(200);
    }

    @Test
    void aSnapshotIsForThoseWhoSayWhoTheyAre() {
        CommandResponse theirs = Commands.runGetCommand("snapshot", servers.zooKeeper.server(), Map.of(), null, null);
        assertThat(theirs.getStatusCode()).isEqualTo(401);
        assertThat(fetch("/commands/snapshot").statusCode()).isEqualTo(401);
        assertThat(fetch("/commands/snap?streaming=true").body()).contains("a super user is needed");
    }

    @Test
    void whatIsNotOfferedIsSaidToBe() {
        assertThat(fetch("/commands/restore").statusCode()).isEqualTo(501);
        assertThat(fetch("/commands/rest").body()).contains("not offered", "Stop the server");
    }

    @Test
    void secretsAmongTheSystemPropertiesAreNotShown() throws IOException {
        System.setProperty("operated.keyStore.password", "geheim");
        try {
            JsonNode properties = coord("system_properties");
            assertThat(properties.get("operated.keyStore.password").asText()).isEqualTo("******");
            assertThat(properties.get("java.version").asText()).isEqualTo(System.getProperty("java.version"));
        } finally {
            System.clearProperty("operated.keyStore.password");
        }
    }

    @Test
    void aTraceMaskIsTakenOutOfTheQuery() throws IOException {
        assertThat(coord("set_trace_mask?traceMask=7").get("tracemask").asLong())
                .isEqualTo(7);
        assertThat(coord("gtmk").get("tracemask").asLong()).isEqualTo(7);
        assertThat(coord("stmk?traceMask=x").get("error").asText()).endsWith("got x");
    }
}
