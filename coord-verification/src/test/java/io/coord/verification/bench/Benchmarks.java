package io.coord.verification.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the benchmarks and prints Markdown: {@code [quick|full] [server|client]...}. CONTRIBUTING.md has the command.
 */
final class Benchmarks {
    private static final String DIRECTORY = "target/bench";
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Benchmarks() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        Path directory = BenchmarkOptions.directory(DIRECTORY);
        boolean full = words.contains("full");
        BenchmarkOptions options = full ? BenchmarkOptions.full(directory) : BenchmarkOptions.quick(directory);
        boolean all = !words.contains("server") && !words.contains("client");
        String machine = machine();
        boolean pinned = BenchmarkOptions.leaveFirstProcessor();
        List<String> lines = new ArrayList<>(
                List.of(machine + (pinned ? "; servers on processor 0, load on the others" : "; not pinned"), ""));
        if (all || words.contains("server")) {
            lines.addAll(new ServerBenchmark(options).run());
            lines.add("");
            if (full) {
                lines.addAll(new ServerBenchmark(options.withoutFsync()).run());
                lines.add("");
            }
        }
        if (all || words.contains("client")) {
            lines.addAll(new ClientBenchmark(options).run());
        }
        lines.forEach(System.out::println);
        Runtime.getRuntime().halt(0);
    }

    private static String machine() throws IOException {
        String load =
                Files.exists(LOAD) ? "; load before: " + Files.readString(LOAD).strip() : "";
        return Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + load;
    }
}
