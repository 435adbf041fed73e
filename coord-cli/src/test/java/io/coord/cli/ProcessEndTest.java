package io.coord.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.testkit.TestServer;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shell that is told to end by a signal. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessEndTest {
    @TempDir
    Path directory;

    @Test
    void aSignalEndsTheSessionWithIt() throws Exception {
        Path out = directory.resolve("out");
        try (TestServer server = TestServer.inMemory()) {
            CoordClient client = server.newClient();
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.coord.cli.CoordCli",
                            "-s",
                            server.connectString(),
                            "-timeout",
                            "600s")
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            try (OutputStream script = process.getOutputStream()) {
                script.write("create -e /mine\nwatch -f /\n".getBytes(UTF_8));
                script.flush();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Files.readString(out).contains("Watching /"));
                assertThat(client.checkExists().forPath("/mine")).isNotNull();
                process.destroy();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(128 + 15);
                assertThat(client.checkExists().forPath("/mine"))
                        .as("it would stay for ten minutes")
                        .isNull();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
