package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.fixture.SlowWatcherProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million events for a watcher that stands still, in a process whose heap is far too small for them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowWatcherTest {
    private static final int EVENTS = 1_000_000;

    private static String run(int events, int znodes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowWatcherProcess.class.getName(),
                        String.valueOf(events),
                        String.valueOf(znodes))
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).as(output).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output.lines()
                    .filter(line -> line.startsWith("told") || line.startsWith("not told"))
                    .findFirst()
                    .orElse(output);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void changesOfFewZnodesAreMergedAndTheLastOfEachIsTold() throws Exception {
        // Perhaps one that it stands at, 10,000 that waited, and one for each of the 101 znodes.
        assertThat(run(EVENTS, 100)).matches("told 1010[12] CONNECTED");
    }

    @Test
    void changesOfTooManyZnodesEndInANewConnectionAfterWhichEveryoneLooksAgain() throws Exception {
        assertThat(run(EVENTS, EVENTS)).matches("told 1000[01] CONNECTED SUSPENDED RECONNECTED");
    }
}
