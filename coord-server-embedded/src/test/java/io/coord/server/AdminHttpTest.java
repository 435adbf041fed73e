package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is offered over HTTP, over real sockets. */
class AdminHttpTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private static EmbeddedServer.Builder builder() {
        return EmbeddedServer.builder().port(0).adminPort(0);
    }

    private HttpResponse<String> get(int port, String path) {
        return send(port, path, "GET");
    }

    private HttpResponse<String> send(int port, String path, String method) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** More than one turn of the server's thread hands out. */
    @Test
    void aLongDumpAndADigestOfAllAreWhole() {
        try (EmbeddedServer server = builder().fourLetterWords("*").start();
                RawClient client = RawClient.session(server.port())) {
            int count = 1_203;
            for (int i = 0; i < count; i++) {
                client.send(i, new CreateRequest(OpCode.CREATE, "/e" + i, null, Acl.OPEN, 1));
            }
            for (int i = 0; i < count; i++) {
                assertThat(client.receive().header().error()).isZero();
            }
            int port = server.adminPort().orElseThrow();
            assertThat(get(port, "/commands/dump").body().split("\"/e\\d+\"", -1))
                    .hasSize(count + 1);
            String digest = get(port, "/commands/hash").body();
            assertThat(digest).contains("\"zxid\" : " + (count + 1));
            assertThat(get(port, "/commands/hash").body()).isEqualTo(digest);
        }
    }

    @Test
    void longListsOfWatchesAreWhole() {
        try (EmbeddedServer server = builder().start();
                RawClient client = RawClient.session(server.port());
                RawClient other = RawClient.session(server.port())) {
            int count = 1_203;
            for (int i = 0; i < count; i++) {
                client.send(i, new ExistsRequest("/w" + i, true));
                other.send(i, new ExistsRequest("/w7", true));
            }
            for (int i = 0; i < count; i++) {
                client.receive();
                other.receive();
            }
            int port = server.adminPort().orElseThrow();
            String bySession = get(port, "/commands/wchc").body();
            assertThat(bySession.split("\"/w\\d+\"", -1)).hasSize(count + 2);
            assertThat(bySession.split("\"/w7\"", -1)).hasSize(3);
            String byPath = get(port, "/commands/wchp").body();
            assertThat(byPath.split("\"/w\\d+\" : \\[", -1)).hasSize(count + 1);
        }
    }

    @Test
    void thereIsNoHttpUnlessItIsAskedFor() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start()) {
            assertThat(server.adminPort()).isEmpty();
            assertThat(server.metricsPort()).isEmpty();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("coord-admin-http"));
        }
    }

    @Test
    void aServerThatServesIsAliveAndReady() {
        try (EmbeddedServer server = builder().start()) {
            int port = server.adminPort().orElseThrow();
            for (String path : List.of("/health", "/health/live", "/health/ready")) {
                HttpResponse<String> answer = get(port, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.body()).as(path).isEqualTo("{\n  \"status\" : \"UP\"\n}\n");
                assertThat(answer.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
            }
        }
    }

    @Test
    void aServerWhoseLogHasFailedIsAliveAndNotReadyAndSaysWhy(@TempDir Path parent) throws IOException {
        Path directory = parent.resolve("data");
        EmbeddedServer server =
                builder().dataDir(directory).logSegmentBytes(4 << 10).start();
        try (RawClient client = RawClient.session(server.port())) {
            int port = server.adminPort().orElseThrow();
            assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);

            // No further segment can be made there.
            Files.move(directory, parent.resolve("moved"));
            writeUntilItIsCutOff(server, client);
            await().until(() -> get(port, "/health/ready").statusCode() == 503);

            assertThat(get(port, "/health/ready").body())
                    .contains("\"status\" : \"DOWN\"")
                    .contains(
                            "\"reason\" : \"the log has failed: writes are refused until the server is started again\"");
            assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(port, "/metrics").body())
                    .contains("\ncoord_ready 0.0\n")
                    .contains("\nunrecoverable_error_count 1.0\n");
        } finally {
            // It says that its files could not be closed, which is so.
            assertThatThrownBy(server::close).isInstanceOf(EmbeddedServerException.class);
        }
    }

    /** A connection whose writes have an unknown fate is closed, perhaps in the middle of the next one. */
    private static void writeUntilItIsCutOff(EmbeddedServer server, RawClient client) {
        try {
            for (int i = 0; server.status().acceptsWrites() && i < 1_000; i++) {
                client.send(i, new CreateRequest(OpCode.CREATE, "/n" + i, new byte[1_000], Acl.OPEN, 0));
            }
        } catch (UncheckedIOException closed) {
            assertThat(closed).hasCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void aPortThatIsTakenIsAWarningAndTheServerStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LogLines log = new LogLines("io.coord.server.internal.admin");
                EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .adminPort(taken.getLocalPort())
                        .metricsPort(0)
                        .start();
                RawClient client = RawClient.session(server.port())) {
            assertThat(server.adminPort()).isEmpty();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith(
                            "WARN The admin server cannot be offered on 127.0.0.1:" + taken.getLocalPort() + ":"));
            assertThat(client.call(1, new ExistsRequest("/", false)).header().error())
                    .isZero();
            assertThat(get(server.metricsPort().orElseThrow(), "/metrics").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void portsAreFreeWhenTheServerHasEnded() {
        int adminPort;
        int metricsPort;
        try (EmbeddedServer server = builder().metricsPort(0).start()) {
            adminPort = server.adminPort().orElseThrow();
            metricsPort = server.metricsPort().orElseThrow();
        }
        await().untilAsserted(() -> {
            try (ServerSocket first = new ServerSocket(adminPort, 1, InetAddress.getLoopbackAddress());
                    ServerSocket second = new ServerSocket(metricsPort, 1, InetAddress.getLoopbackAddress())) {
                assertThat(first.isBound() && second.isBound()).isTrue();
            }
        });
    }

    @Test
    void commandsAreListedAndCanBeElsewhere() {
        try (EmbeddedServer server = builder().adminCommandPath("/zk/cmd").start()) {
            int port = server.adminPort().orElseThrow();
            assertThat(get(port, "/zk/cmd").body())
                    .contains("<a href=\"/zk/cmd/configuration\">configuration</a>")
                    .contains("<a href=\"/zk/cmd/watches_by_path\">");
            assertThat(get(port, "/zk/cmd/ruok").body())
                    .isEqualTo("{\n  \"command\" : \"ruok\",\n  \"error\" : null\n}\n");
            assertThat(get(port, "/commands/ruok").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "TRACE", "OPTIONS"})
    void onlyReadingIsPossible(String method) {
        try (EmbeddedServer server = builder().start()) {
            assertThat(send(server.adminPort().orElseThrow(), "/commands/srst", method)
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void aQuestionForTheHeadGetsNoBody() {
        try (EmbeddedServer server = builder().start()) {
            HttpResponse<String> answer = send(server.adminPort().orElseThrow(), "/health/live", "HEAD");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
        }
    }

    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInTheirOrder() throws IOException {
        try (EmbeddedServer server = builder().start()) {
            String requests = Stream.of(
                            "/commands/environment HTTP/1.1\r\n",
                            "/nosuch HTTP/1.1\r\n",
                            "/health/live HTTP/1.1\r\n",
                            "/commands/ruok HTTP/1.1\r\nConnection: close\r\n")
                    .map(line -> "GET " + line + "Host: x\r\n\r\n")
                    .collect(Collectors.joining());
            String answers = raw(server.adminPort().orElseThrow(), requests);

            assertThat(answers)
                    .containsSubsequence("\"host.name\"", "404 Not Found", "\"status\" : \"UP\"", "\"ruok\"");
            assertThat(answers.split("HTTP/1\\.1 200 OK", -1)).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /commands/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "no HTTP at all\r\n\r\n",
            })
    void whatIsNoRequestIsSaidToBeNone(String request) throws IOException {
        try (EmbeddedServer server = builder().start()) {
            assertThat(raw(server.adminPort().orElseThrow(), request)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aConnectionIsUsedAgainAndARequestMayComeInPieces() throws IOException {
        try (EmbeddedServer server = builder().start();
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.adminPort().orElseThrow())) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String header = "X: " + "x".repeat(5_000) + "\r\n";
            for (String path :
                    List.of("/nosuch", "/commands", "/metrics", "/health/live", "/commands/ruok", "/nosuch")) {
                socket.getOutputStream().write(("GET " + path).getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                socket.getOutputStream()
                        .write((" HTTP/1.1\r\nHost: x\r\n" + header + "\r\n").getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                assertThat(in.readLine()).startsWith(path.equals("/nosuch") ? "HTTP/1.1 404 " : "HTTP/1.1 200 ");
                skipAnswer(in);
            }
        }
    }

    private static void skipAnswer(BufferedReader in) throws IOException {
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat(in.read()).isNotEqualTo(-1);
        }
    }

    @Test
    void aRequestThatIsTooLongEndsItsConnection() throws IOException {
        try (EmbeddedServer server = builder().start()) {
            String tooLong = "x".repeat(20_000);
            assertThat(raw(server.adminPort().orElseThrow(), "GET /health/live HTTP/1.1\r\nX: " + tooLong + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void whoIsSilentIsSentAwayAndHoldsUpNobody() throws IOException {
        try (EmbeddedServer server =
                builder().adminIdleTimeout(Duration.ofMillis(300)).start()) {
            int port = server.adminPort().orElseThrow();
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write("GET /health".getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
            for (Socket each : silent) {
                assertThat(each.getInputStream().read()).isEqualTo(-1);
                each.close();
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        try (EmbeddedServer server = builder().start()) {
            int port = server.adminPort().orElseThrow();
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 128; i++) {
                    sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
                }
                try (Socket one = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    one.setSoTimeout(20_000);
                    assertThat(one.getInputStream().read()).isEqualTo(-1);
                }
            } finally {
                for (Socket each : sockets) {
                    each.close();
                }
            }
            await().ignoreExceptions().until(() -> get(port, "/health/live").statusCode() == 200);
        }
    }

    @Test
    void badSettingsAreNamed() {
        for (String path : List.of("commands", "/", "/commands/")) {
            assertThatThrownBy(() -> builder().adminCommandPath(path).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("adminCommandPath is " + path);
        }
        assertThatThrownBy(() -> builder().metricsPort(70_000).build()).hasMessageContaining("metricsPort is 70000");
    }
}
