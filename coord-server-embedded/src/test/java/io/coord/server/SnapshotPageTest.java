package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.server.data.DataCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that hand out, and would take in, all that a server holds. */
@Timeout(60)
class SnapshotPageTest {
    /** Of {@code super:secret}. */
    private static final String SUPER_DIGEST = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private EmbeddedServer.Builder builder() {
        return EmbeddedServer.builder().port(0).adminPort(0).superDigest(SUPER_DIGEST);
    }

    private EmbeddedServer start() {
        return builder().dataDir(directory.resolve("data")).fsync(false).start();
    }

    private static URI uri(EmbeddedServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + path);
    }

    private static HttpRequest.Builder snapshot(EmbeddedServer server, String password) {
        return HttpRequest.newBuilder(uri(server, "/commands/snapshot?streaming=true"))
                .header("Authorization", "digest super:" + password);
    }

    private String refusal(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(status);
        return answer.body();
    }

    private static Set<Path> temporaryDirectories() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(each -> each.getFileName().toString().startsWith("coord-snapshot"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void aSuperUserGetsABackupThatCanBeRestored() throws Exception {
        Path file = directory.resolve("fetched.tar.gz");
        Set<Path> temporaryBefore = temporaryDirectories();
        try (EmbeddedServer server = start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, new CreateRequest(OpCode.CREATE, "/saved", new byte[100_000], Acl.OPEN, 0));
            HttpResponse<Path> answer = http.send(snapshot(server, "secret").build(), BodyHandlers.ofFile(file));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("last_zxid")).contains("0x2");
            assertThat(answer.headers().firstValueAsLong("snapshot_size"))
                    .hasValue(file.toFile().length());
            client.call(2, new CreateRequest(OpCode.CREATE, "/later", null, Acl.OPEN, 0));
            // One after the other is no more than one at a time.
            assertThat(http.send(snapshot(server, "secret").build(), BodyHandlers.ofByteArray())
                            .statusCode())
                    .isEqualTo(200);
        }
        await("what was made for it is gone").until(() -> temporaryBefore.containsAll(temporaryDirectories()));
        try (InputStream content = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(content.readAllBytes()).as("whole, its check sum too").hasSizeGreaterThan(100_000);
        }
        Path restored = directory.resolve("restored");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertThat(DataCommand.run(List.of("restore", file.toString(), restored.toString()), out, out))
                .as(said.toString(StandardCharsets.UTF_8))
                .isZero();
        try (EmbeddedServer server =
                        EmbeddedServer.builder().port(0).dataDir(restored).start();
                RawClient client = RawClient.session(server.port())) {
            assertThat(client.call(1, new ExistsRequest("/saved", false))
                            .header()
                            .error())
                    .isZero();
            assertThat(client.call(2, new ExistsRequest("/later", false))
                            .header()
                            .error())
                    .isEqualTo(-101);
        }
    }

    @Test
    void nobodyElseGetsOne() throws Exception {
        try (EmbeddedServer server = start()) {
            HttpRequest.Builder anonymous = HttpRequest.newBuilder(uri(server, "/commands/snapshot"));
            assertThat(refusal(anonymous, 401)).contains("a super user is needed");
            assertThat(refusal(snapshot(server, "wrong"), 403)).contains("not a super user");
            assertThat(refusal(anonymous.copy().header("Authorization", "digest"), 401))
                    .contains("a super user is needed");
            assertThat(refusal(anonymous.copy().header("Authorization", "world anyone"), 403))
                    .contains("not a super user");
            assertThat(refusal(HttpRequest.newBuilder(uri(server, "/commands/monitor")), 200))
                    .contains("\"auth_failed_count\" : 2");
        }
        try (EmbeddedServer server = EmbeddedServer.builder()
                .adminPort(0)
                .dataDir(directory.resolve("other"))
                .start()) {
            assertThat(refusal(snapshot(server, "secret"), 403)).contains("superDigest names one");
        }
    }

    @Test
    void aServerInMemoryHasNone() throws Exception {
        try (EmbeddedServer server = builder().start()) {
            assertThat(refusal(snapshot(server, "secret"), 501)).contains("lives in memory");
        }
    }

    /** More than goes into the buffers of a socket, and cannot be compressed. */
    private static void fill(RawClient client) {
        byte[] noise = new byte[900_000];
        new Random(1).nextBytes(noise);
        for (int i = 0; i < 7; i++) {
            client.call(i, new CreateRequest(OpCode.CREATE, "/n" + i, noise, Acl.OPEN, 0));
            new Random(i).nextBytes(noise);
        }
    }

    /** Asks, and takes nothing yet. */
    private static Socket ask(EmbeddedServer server, String method) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.adminPort().orElseThrow());
        socket.setReceiveBufferSize(1_000);
        String request =
                method + " /commands/snapshot HTTP/1.1\r\nHost: x\r\nAuthorization: digest super:secret\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Whoever asks and does not take it keeps others from it only until he is found to be silent. */
    @Test
    void thereIsOneAtATimeAndTheNextOneWhenItIsOver() throws Exception {
        try (EmbeddedServer server = builder()
                        .dataDir(directory.resolve("data"))
                        .fsync(false)
                        .start();
                RawClient client = RawClient.session(server.port())) {
            fill(client);
            try (Socket slow = ask(server, "GET")) {
                // It is on its way.
                assertThat(slow.getInputStream().readNBytes(15))
                        .isEqualTo("HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII));
                assertThat(refusal(snapshot(server, "secret"), 429)).contains("on its way to somebody already");
            }
            await().until(() -> http.send(snapshot(server, "secret").build(), BodyHandlers.ofByteArray())
                            .statusCode()
                    == 200);
            assertThat(refusal(HttpRequest.newBuilder(uri(server, "/commands/monitor")), 200))
                    .containsPattern("\"snapshot_rate_limited_count\" : [1-9]");
        }
    }

    @Test
    void whoeverTakesNothingOfItIsCutOffAndTheNextOneIsServed() throws Exception {
        try (EmbeddedServer server = builder()
                        .dataDir(directory.resolve("data"))
                        .fsync(false)
                        .adminIdleTimeout(Duration.ofMillis(300))
                        .start();
                RawClient client = RawClient.session(server.port())) {
            fill(client);
            try (Socket slow = ask(server, "GET")) {
                assertThat(slow.getInputStream().readNBytes(15))
                        .isEqualTo("HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> http.send(snapshot(server, "secret").build(), BodyHandlers.ofByteArray())
                                .statusCode()
                        == 200);
            }
        }
    }

    @Test
    void aQuestionForTheHeadGetsTheHeadersAndNoFile() throws Exception {
        try (EmbeddedServer server = start();
                Socket socket = ask(server, "HEAD")) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("last_zxid: 0x")
                    .endsWith("\r\n\r\n");
            assertThat(answer.indexOf("\r\n\r\n")).isEqualTo(answer.length() - 4);
        }
    }

    @Test
    void aRestoreIsRefusedHoweverMuchIsSent() throws Exception {
        try (EmbeddedServer server = start()) {
            HttpRequest.Builder upload = HttpRequest.newBuilder(uri(server, "/commands/restore"))
                    .POST(BodyPublishers.ofByteArray(new byte[3 << 20]));
            assertThat(refusal(upload, 501)).contains("\"command\" : \"restore\"", "Stop the server");
            assertThat(refusal(upload.copy().POST(BodyPublishers.noBody()), 501))
                    .contains("Stop the server");
            assertThat(refusal(HttpRequest.newBuilder(uri(server, "/commands/restore")), 501))
                    .contains("Stop the server");
            assertThat(refusal(
                            HttpRequest.newBuilder(uri(server, "/commands/ruok"))
                                    .POST(BodyPublishers.noBody()),
                            405))
                    .contains("Method Not Allowed");
            assertThat(refusal(HttpRequest.newBuilder(uri(server, "/commands/ruok")), 200))
                    .contains("ruok");
        }
    }
}
