package io.coord.verification.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Runs the JMH benchmarks. Their generated code is compiled here, so that the normal build need not make it. */
final class MicroBenchmark {
    static final String SUITE = "micro";

    private static final Path SOURCES = Path.of("src", "test", "java");
    private static final String PACKAGE = "io/coord/verification/bench/micro";
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final String ALLOCATION = ":gc.alloc.rate.norm";
    private static final int NAME = 0;
    private static final int SCORE = 4;
    private static final int ERROR = 5;

    private final BenchmarkOptions options;
    private final Report report;

    MicroBenchmark(BenchmarkOptions options, Report report) {
        this.options = options;
        this.report = report;
    }

    void run(Deadline deadline) {
        report.section("JMH", "Average time and allocation of one call, one thread; ± is JMH's 99.9 % interval.");
        report.header("", "ns", "±", "bytes");
        deadline.row(report, "JMH", () -> {}, this::measure);
    }

    private void measure() throws IOException, InterruptedException {
        Path classes = Files.createDirectories(options.directory().resolve("jmh"));
        compile(classes);
        Path results = options.directory().resolve("jmh.csv");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes + System.getProperty("path.separator") + CLASS_PATH,
                "org.openjdk.jmh.Main"));
        command.addAll(options.patterns(SUITE));
        command.addAll(
                List.of("-f", "1", "-wi", "2", "-w", "1s", "-i", "3", "-r", "1s", "-prof", "gc", "-v", "SILENT"));
        command.addAll(List.of("-jvmArgs", "-Xms1g -Xmx1g -XX:+UseG1GC", "-rf", "csv", "-rff", results.toString()));
        Process jmh = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!jmh.waitFor(Deadline.LONGEST_ROW.toSeconds(), TimeUnit.SECONDS) || jmh.exitValue() != 0) {
                throw new IOException("JMH failed or took too long");
            }
        } finally {
            jmh.descendants().forEach(ProcessHandle::destroyForcibly);
            jmh.destroyForcibly();
        }
        print(Files.readAllLines(results));
    }

    private static void compile(Path classes) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-cp", CLASS_PATH, "-processorpath", CLASS_PATH, "-d", classes.toString()));
        try (Stream<Path> sources = Files.list(SOURCES.resolve(PACKAGE))) {
            sources.map(Path::toString)
                    .filter(name -> name.endsWith("Benchmark.java"))
                    .forEach(arguments::add);
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IOException("the JMH benchmarks do not compile");
        }
    }

    private void print(List<String> lines) throws IOException {
        Map<String, String[]> times = new LinkedHashMap<>();
        Map<String, String> bytes = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.replace("\"", "").split(",", -1);
            if (fields[NAME].endsWith(ALLOCATION)) {
                bytes.put(fields[NAME].substring(0, fields[NAME].length() - ALLOCATION.length()), fields[SCORE]);
            } else if (!fields[NAME].contains(":")) {
                times.put(fields[NAME], fields);
            }
        }
        if (times.isEmpty()) {
            throw new IOException("no benchmark of this name");
        }
        times.forEach((name, fields) -> report.row(
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                number(fields[SCORE]),
                number(fields[ERROR]),
                number(bytes.getOrDefault(name, "NaN"))));
    }

    private static String number(String text) {
        return Ratios.number(Double.parseDouble(text));
    }
}
