package io.coord.verification.bench;

import io.coord.verification.bench.ServerBenchmark.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How long and how thorough.
 *
 * @param directory where the servers keep their logs; a real disk, or fsync means nothing
 * @param serverPrefix words in front of a server's command line
 */
record BenchmarkOptions(
        int rounds,
        Duration warmUp,
        Duration measured,
        boolean fsync,
        List<Shape> shapes,
        Path directory,
        List<String> serverPrefix) {
    /** Before this process was pinned. */
    private static final int MACHINE_PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static final Path PINNING_TOOL = Path.of("/usr/bin/taskset");

    /** About three minutes. */
    static BenchmarkOptions quick(Path directory) {
        return new BenchmarkOptions(
                3,
                Duration.ofMillis(1000),
                Duration.ofMillis(1500),
                true,
                List.of(new Shape(1, 1), new Shape(1, 100), new Shape(10, 10)),
                directory,
                pinned());
    }

    /** About twenty minutes. */
    static BenchmarkOptions full(Path directory) {
        return new BenchmarkOptions(
                9,
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                true,
                List.of(new Shape(1, 1), new Shape(1, 100), new Shape(10, 1), new Shape(10, 10), new Shape(10, 100)),
                directory,
                pinned());
    }

    BenchmarkOptions withoutFsync() {
        return new BenchmarkOptions(rounds, warmUp, measured, false, shapes, directory, serverPrefix);
    }

    /** A server has the first processor for itself; without the tool for it, the scheduler decides. */
    private static List<String> pinned() {
        return canPin() ? List.of(PINNING_TOOL.toString(), "-c", "0") : List.of();
    }

    /**
     * Keeps all threads of this process off the servers' processor. Otherwise client and server now and then share one, and
     * handing over on one processor is several times cheaper than between two: figures from such a run tell nothing.
     *
     * @return whether it could
     */
    static boolean leaveFirstProcessor() throws IOException, InterruptedException {
        if (!canPin()) {
            return false;
        }
        String others = "1-" + (MACHINE_PROCESSORS - 1);
        String self = String.valueOf(ProcessHandle.current().pid());
        Process tool = new ProcessBuilder(PINNING_TOOL.toString(), "-a", "-c", "-p", others, self)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return tool.waitFor() == 0;
    }

    private static boolean canPin() {
        return Files.isExecutable(PINNING_TOOL) && MACHINE_PROCESSORS > 1;
    }

    static Path directory(String name) throws IOException {
        return Files.createDirectories(Path.of(name));
    }
}
