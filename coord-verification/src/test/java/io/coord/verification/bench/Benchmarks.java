package io.coord.verification.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Runs the benchmarks and prints Markdown: {@code [quick|full] [suite|suite:row]...}. CONTRIBUTING.md has the command and the
 * properties. Ends with 1 when a row failed or was left out.
 */
final class Benchmarks {
    private final BenchmarkOptions options;
    private final String command;
    private final String machine;
    private final String load;
    private int suites;

    private Benchmarks(BenchmarkOptions options, String command) throws IOException {
        this.options = options;
        this.command = command;
        this.machine = Machine.describe();
        this.load = Machine.load();
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        // Curator's lines of this level are off by the configuration; a client's start is among the rows.
        ((Logger) LoggerFactory.getLogger("io.coord")).setLevel(Level.WARN);
        BenchmarkOptions options = BenchmarkOptions.of(arguments);
        boolean idle = Machine.becomesIdle();
        if (options.write() && !(options.isWhole() && idle)) {
            System.err.println(
                    "Into the document go only the figures of whole suites in full form, from an idle machine.");
            System.exit(2);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(Deadline::killChildren));
        try (Deadline deadline = new Deadline(options.limit())) {
            Benchmarks all = new Benchmarks(options, String.join(" ", arguments).strip());
            Machine.leaveFirstProcessor();
            all.run(ServerSuite.SUITE, report -> new ServerSuite(options, report, deadline).run());
            all.run(ClientBenchmark.SUITE, report -> new ClientBenchmark(options, report).run(deadline));
            all.run(RecipeBenchmark.SUITE, report -> new RecipeBenchmark(options, report).run(deadline));
            if (!options.selected().isEmpty()) {
                all.run(SizeBenchmark.SUITE, report -> new SizeBenchmark(options, report).run(deadline));
            }
            if (options.full() || !options.selected().isEmpty()) {
                all.run(MicroBenchmark.SUITE, report -> new MicroBenchmark(options, report).run(deadline));
            }
            if (all.suites == 0) {
                System.err.println("No such suite: " + options.selected());
                System.exit(2);
            }
            System.exit(deadline.failures() == 0 ? 0 : 1);
        }
    }

    private void run(String suite, Suite action) throws Exception {
        if (!options.runsSuite(suite)) {
            return;
        }
        suites++;
        Report report = new Report(options.directory().resolve(suite + ".md"));
        List<String> head = List.of(
                LocalDate.now(ZoneOffset.UTC) + ", `-Dbench=\"" + command + "\"`, " + options.rounds() + " rounds of "
                        + options.measured().toMillis() + " ms after a warm-up of "
                        + options.warmUp().toMillis() + " ms for each kind of load.",
                machine + ". Servers: " + String.join(" ", ServerPair.JVM_OPTIONS) + ".",
                "Before: " + load + ".");
        head.forEach(report::line);
        action.run(report);
        if (options.write()) {
            new BenchmarksDocument(options.document()).take(suite, report.file());
        }
    }

    private interface Suite {
        void run(Report report) throws Exception;
    }
}
