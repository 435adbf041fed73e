package io.coord.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.cli.command.ExitCode;
import io.coord.cli.fixture.OwnShell;
import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.testkit.FaultProxy;
import io.coord.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process without its end: options, one command or a script, streams and exit codes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoordCliTest {
    private static OneShot on(TestServer server, String... words) {
        return on(server, new byte[0], words);
    }

    private static OneShot on(TestServer server, byte[] in, String... words) {
        List<String> all = new ArrayList<>(List.of("-s", server.connectString()));
        all.addAll(List.of(words));
        return OneShot.run(in, all.toArray(new String[0]));
    }

    @Test
    void doesOneCommandAndEndsWithItsCode() {
        try (TestServer server = TestServer.inMemory()) {
            assertThat(on(server, "create", "/a", "one").lines()).containsExactly("Created /a");
            assertThat(on(server, "get", "/a").lines()).containsExactly("one");

            OneShot refused = on(server, "get", "/missing");
            assertThat(refused.code().number()).isEqualTo(1);
            assertThat(refused.bytes()).isEmpty();
            assertThat(refused.err()).isEqualToIgnoringNewLines("Node does not exist: /missing");
        }
    }

    @Test
    void tellsWrongUsageBeforeItConnects() {
        for (String[] words : List.of(
                new String[] {"nonsense"},
                new String[] {"get"},
                new String[] {"get", "-q", "/a"},
                new String[] {"--nonsense", "get", "/a"},
                new String[] {"-o", "yaml", "get", "/a"},
                new String[] {"--connect-timeout", "soon", "get", "/a"},
                new String[] {"-a", "digest", "get", "/a"},
                new String[] {"-a", "sasl:ann", "get", "/a"},
                new String[] {"set", "/a"},
                new String[] {"create", "-c", "-e", "/a"})) {
            OneShot outcome = OneShot.run(new byte[0], withServer("127.0.0.1:1", words));
            assertThat(outcome.code().number()).as(String.join(" ", words)).isEqualTo(2);
            assertThat(outcome.err()).isNotBlank();
        }
        assertThat(OneShot.run(new byte[0], "-s", "host:port:1", "get", "/a")
                        .code()
                        .number())
                .isEqualTo(2);
        assertThat(OneShot.run(new byte[0], "--help").code()).isEqualTo(ExitCode.DONE);
    }

    private static String[] withServer(String server, String... words) {
        List<String> all = new ArrayList<>(List.of("-s", server, "--connect-timeout", "300ms"));
        if (words[0].equals("--connect-timeout")) {
            all.subList(2, 4).clear();
        }
        all.addAll(List.of(words));
        return all.toArray(new String[0]);
    }

    @Test
    void saysThatNoServerAnswers() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        OneShot outcome = OneShot.run(new byte[0], withServer("127.0.0.1:" + free, "get", "/a"));
        assertThat(outcome.code().number()).isEqualTo(3);
        assertThat(outcome.err()).contains("Cannot connect to 127.0.0.1:" + free);
    }

    @Test
    void saysThatNobodyKnowsWhenTheAnswerOfAWriteIsLost() throws Exception {
        try (TestServer server = TestServer.inMemory();
                FaultProxy proxy = server.newProxy();
                OwnShell shell = new OwnShell(proxy.connectString())) {
            shell.run("create /a one");
            CoordClient witness = server.newClient();
            proxy.blackhole(FaultProxy.Direction.SERVER_TO_CLIENT);
            Thread cutter = new Thread(() -> {
                await().until(() -> witness.checkExists().forPath("/a").version() == 1);
                proxy.cut();
            });
            cutter.start();
            List<String> printed = shell.run("set /a two");
            cutter.join();
            proxy.resume();
            assertThat(shell.code().number()).isEqualTo(4);
            assertThat(printed).last().asString().contains("it may have happened");
        }
    }

    @Test
    void printsJson() {
        try (TestServer server = TestServer.inMemory()) {
            on(server, "create", "-p", "/a/b", "one");
            assertThat(on(server, "-o", "json", "ls", "/a").lines())
                    .containsExactly("{\"path\":\"/a\",\"children\":[\"b\"]}");
            assertThat(on(server, "-o", "json", "get", "/a/b").lines())
                    .containsExactly("{\"path\":\"/a/b\",\"data\":\"one\"}");
            assertThat(on(server, "-o", "json", "get", "-s", "/a/b").lines().get(0))
                    .contains("\"stat\":{\"czxid\":", "\"dataLength\":3,\"numChildren\":0,\"pzxid\":");
            assertThat(on(server, "-o", "json", "get", "/missing").err())
                    .startsWith("{\"error\":\"Node does not exist: /missing\",\"kind\":\"NoNode\",\"exitCode\":1}");
        }
    }

    @Test
    void keepsBytesAsTheyAre(@TempDir Path directory) throws IOException {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Path file = Files.write(directory.resolve("data"), bytes);
        try (TestServer server = TestServer.inMemory()) {
            assertThat(on(server, "create", "-f", file.toString(), "/file").code())
                    .isEqualTo(ExitCode.DONE);
            assertThat(on(server, bytes, "create", "-f", "-", "/stdin").code()).isEqualTo(ExitCode.DONE);
            assertThat(on(server, "get", "-f", "-", "/file").bytes()).isEqualTo(bytes);
            assertThat(on(server, "get", "-f", "-", "/stdin").bytes()).isEqualTo(bytes);
            on(server, "set", "-f", file.toString(), "/stdin");
            Path copy = directory.resolve("copy");
            on(server, "get", "-f", copy.toString(), "/stdin");
            assertThat(copy).hasBinaryContent(bytes);
            assertThat(on(server, "-o", "json", "get", "/file").lines().get(0)).contains("\"dataBase64\":\"AAECAw");
        }
    }

    @Test
    void runsAScriptFromStandardInputAndGoesOnAfterAFailure() {
        try (TestServer server = TestServer.inMemory()) {
            byte[] script = "# a comment\ncreate /a one\nget /missing\n\nget /a\nquit\nget /a\n".getBytes(UTF_8);
            OneShot outcome = on(server, script);
            assertThat(outcome.lines()).containsExactly("Created /a", "one");
            assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);

            OneShot stopped = on(server, script, "--stop-on-error");
            assertThat(stopped.lines()).isEmpty();
            assertThat(stopped.err()).contains("Node already exists: /a").doesNotContain("missing");
        }
    }

    @Test
    void saysThatWhatItPrintsIsLost() {
        try (TestServer server = TestServer.inMemory()) {
            on(server, "create", "/a", "one");
            for (String[] command : List.of(
                    new String[] {"export"},
                    new String[] {"get", "-f", "-", "/a"},
                    new String[] {"ls", "-R", "/"},
                    new String[] {"-o", "json", "get", "/a"})) {
                List<String> words = new ArrayList<>(List.of("-s", server.connectString()));
                words.addAll(List.of(command));
                ByteArrayOutputStream err = new ByteArrayOutputStream();
                PrintStream full = new PrintStream(
                        new OutputStream() {
                            @Override
                            public void write(int value) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        },
                        true,
                        UTF_8);
                ExitCode code = CoordCli.run(
                        words.toArray(new String[0]),
                        InputStream.nullInputStream(),
                        full,
                        new PrintStream(err, true, UTF_8),
                        false);
                assertThat(code).as(command[0]).isEqualTo(ExitCode.REFUSED);
                assertThat(err.toString(UTF_8)).contains("Standard output takes no more");
            }
        }
    }

    @Test
    void standardInputIsEitherTheScriptOrTheData() {
        try (TestServer server = TestServer.inMemory()) {
            OneShot outcome = on(server, "create -f - /a\nls /\n".getBytes(UTF_8));
            assertThat(outcome.err()).contains("Standard input holds the commands");
            assertThat(outcome.lines()).containsExactly("[zookeeper]");
            assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void theWholeTreeIsNotDeletedButThatBelowAChrootIs() {
        try (TestServer server = TestServer.inMemory()) {
            on(server, "create", "-p", "/shop/a", "x");
            for (String path : List.of("/", "/zookeeper")) {
                OneShot refused = on(server, "deleteall", path);
                assertThat(refused.err()).contains(path + " belongs to the servers");
                assertThat(refused.code()).isEqualTo(ExitCode.REFUSED);
            }
            assertThat(on(server, "ls", "/shop").lines()).containsExactly("[a]");
            OneShot.run(new byte[0], "-s", server.connectString() + "/shop", "deleteall", "/a");
            assertThat(on(server, "ls", "/shop").lines()).containsExactly("[]");
        }
    }

    @Test
    void presentsIdentitiesAndWorksBelowAChroot() {
        try (TestServer server = TestServer.inMemory()) {
            on(server, "-a", "digest:ann:secret", "create", "/private", "x", "auth:ann:secret:cdrwa");
            assertThat(on(server, "get", "/private").code()).isEqualTo(ExitCode.REFUSED);
            assertThat(on(server, "-a", "digest:ann:secret", "get", "/private").lines())
                    .containsExactly("x");
            on(server, "create", "/shop");
            assertThat(OneShot.run(new byte[0], "-s", server.connectString() + "/shop", "create", "/a", "1")
                            .lines())
                    .containsExactly("Created /a");
            assertThat(on(server, "ls", "-R", "/shop").lines()).containsExactly("/shop", "/shop/a");
        }
    }

    @Test
    void waitsForTheConnectionBeforeAnythingElseWhenItIsToldTo() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String nobody = "127.0.0.1:" + free;
        // What needs no server is done without one, unless the option says otherwise.
        assertThat(OneShot.run(new byte[0], withServer(nobody, "version")).code())
                .isEqualTo(ExitCode.DONE);
        byte[] script = "version\n".getBytes(UTF_8);
        for (String option : List.of("-waitforconnection", "--wait-for-connection")) {
            OneShot outcome = OneShot.run(script, "-s", nobody, "--connect-timeout", "300ms", option);
            assertThat(outcome.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
            assertThat(outcome.bytes()).isEmpty();
            assertThat(outcome.err()).contains("Cannot connect to " + nobody);
        }
        try (TestServer server = TestServer.inMemory()) {
            assertThat(on(server, "-waitforconnection", "ls", "/").lines()).containsExactly("[zookeeper]");
            OneShot connecting = OneShot.run(
                    ("connect " + nobody + "\nversion\n").getBytes(UTF_8),
                    "-s",
                    server.connectString(),
                    "--connect-timeout",
                    "2s",
                    "-waitforconnection",
                    "--stop-on-error");
            assertThat(connecting.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
            assertThat(connecting.bytes()).isEmpty();
        }
    }

    @Test
    void presentsAUserOfSaslAndSaysWhenThereIsNone() {
        try (EmbeddedServer server =
                EmbeddedServer.builder().port(0).saslUser("ann", "se:cret").start()) {
            String[] connect = {"-s", server.connectString(), "--connect-timeout", "3s", "-a"};
            assertThat(OneShot.run(new byte[0], with(connect, "sasl:ann:se:cret", "whoami"))
                            .lines())
                    .anyMatch(line -> line.contains("sasl") && line.contains("ann"));
            OneShot refused = OneShot.run(new byte[0], with(connect, "sasl:ann:Not-The-One", "whoami"));
            assertThat(refused.code()).isNotEqualTo(ExitCode.DONE);
            assertThat(refused.err()).contains("SASL user ann").doesNotContain("Not-The-One");
            assertThat(OneShot.run(new byte[0], "-s", server.connectString(), "addauth", "sasl", "ann:se:cret")
                            .err())
                    .contains("--auth sasl:user:password");
        }
    }

    private static String[] with(String[] options, String... words) {
        return Stream.concat(Arrays.stream(options), Arrays.stream(words)).toArray(String[]::new);
    }
}
