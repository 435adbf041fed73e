package io.coord.verification.bench;

import java.nio.file.Path;

/**
 * Runs the benchmarks and prints Markdown: {@code [quick|full] [suite|suite:row]...}. CONTRIBUTING.md has the command and the
 * properties.
 */
final class Benchmarks {
    private Benchmarks() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        BenchmarkOptions options = BenchmarkOptions.of(arguments);
        String machine = Machine.describe();
        String load = Machine.load();
        Machine.leaveFirstProcessor();
        Path directory = options.directory();
        try (Deadline deadline = new Deadline(options.limit())) {
            if (options.runsSuite(ServerSuite.SUITE)) {
                Report report = new Report(directory.resolve(ServerSuite.SUITE + ".md"));
                report.line(machine + "; " + load);
                new ServerSuite(options, report, deadline).run();
            }
            if (options.runsSuite(ClientBenchmark.SUITE)) {
                Report report = new Report(directory.resolve(ClientBenchmark.SUITE + ".md"));
                report.line(machine + "; " + load);
                new ClientBenchmark(options).run().forEach(report::line);
            }
            System.exit(deadline.failures() == 0 ? 0 : 1);
        }
    }
}
