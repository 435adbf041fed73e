package io.coord.verification.bench;

import static io.coord.verification.bench.Bar.CPU;
import static io.coord.verification.bench.Bar.OPS;

import io.coord.verification.bench.Meter.Usage;
import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Closed loops of plain requests on our server beside ZooKeeper's. */
final class ServerBenchmark {
    static final String SUITE = "server";

    private static final Shape WARMING = new Shape(10, 100);
    private static final double GENERATOR_BUSY = 0.9;
    private static final double DISTURBED = 0.15;
    private static final double COMPILING = 0.1;

    private static final Shape MIDDLE = new Shape(10, 10);

    /** Not among the bars; only when asked for by name. */
    private static final List<Row> EXTRA_ROWS = List.of(
            new Row(Workload.GET_DATA, MIDDLE, true, false, List.of()),
            new Row(Workload.SET_DATA, MIDDLE, true, false, List.of()),
            new Row(Workload.CREATE, MIDDLE, true, false, List.of()));

    private static final List<Row> ROWS = List.of(
            row(Workload.GET_DATA, 1, 1, true, true, 1.2, 0.5),
            row(Workload.GET_DATA, 10, 1, true, false, 3, 0.35),
            row(Workload.GET_DATA, 1, 100, true, false, 8, 0.06),
            row(Workload.GET_DATA, 10, 100, true, true, 10, 0.08),
            row(Workload.SET_DATA, 1, 1, true, true, 1.05, 0.8),
            row(Workload.SET_DATA, 10, 1, true, true, 1.5, 0.5),
            row(Workload.SET_DATA, 1, 100, true, false, 5, 0.12),
            row(Workload.SET_DATA, 10, 100, true, true, 6, 0.12),
            row(Workload.CREATE, 1, 1, true, false, 1.05, 0.8),
            row(Workload.CREATE, 10, 1, true, false, 1.5, 0.5),
            row(Workload.CREATE, 1, 100, true, false, 5, 0.12),
            row(Workload.CREATE, 10, 100, true, true, 6, 0.12),
            new Row(Workload.CREATE_DELETE, new Shape(10, 100), true, false, List.of()),
            row(Workload.EPHEMERAL_SEQUENTIAL, 10, 100, true, false, 4, 0.15),
            row(Workload.MULTI, 10, 100, true, false, 4, 0.15),
            row(Workload.MIXED, 10, 100, true, true, 4, 0.15),
            row(Workload.SET_DATA, 1, 1, false, false, 1.2, 0.6),
            row(Workload.SET_DATA, 10, 100, false, false, 8, 0.1),
            row(Workload.CREATE, 1, 1, false, false, 1.2, 0.6),
            row(Workload.CREATE, 10, 100, false, false, 8, 0.1));

    private final BenchmarkOptions options;
    private final Report report;
    private @Nullable ServerPair warm;

    ServerBenchmark(BenchmarkOptions options, Report report) {
        this.options = options;
        this.report = report;
    }

    private static Row row(
            Workload workload,
            int connections,
            int window,
            boolean fsync,
            boolean quick,
            double opsAtLeast,
            double cpuAtMost) {
        return new Row(
                workload,
                new Shape(connections, window),
                fsync,
                quick,
                List.of(Bar.atLeast(OPS, opsAtLeast), Bar.atMost(CPU, cpuAtMost)));
    }

    void run(Deadline deadline) throws Exception {
        List<Row> rows = Stream.concat(
                        ROWS.stream().filter(row -> options.runsRow(SUITE, row.title(), row.quick())),
                        EXTRA_ROWS.stream().filter(row -> options.asksForRow(SUITE, row.title())))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        report.section(
                "Plain requests, closed loop",
                "Values of 100 bytes, " + options.rounds() + " interleaved rounds of "
                        + options.measured().toMillis()
                        + " ms. c = connections, w = outstanding requests of each. Ratio = Coord : ZooKeeper in a"
                        + " round, least / **median** / most. Latencies: p50, p99, p99.9. Load = share of a processor"
                        + " that the load generator took, with ZooKeeper, with Coord; † above 90 %: the generator was"
                        + " the limit, and ops/s says less than the server could do. ‡: something else took more than"
                        + " 15 % of a processor. °: a server's compiler took more than 10 % of its CPU.");
        report.header(
                "",
                "ZooKeeper ops/s",
                "Coord ops/s",
                "ratio",
                "ZooKeeper CPU us/op",
                "Coord CPU us/op",
                "ratio",
                "ZooKeeper us",
                "Coord us",
                "ZooKeeper B/op",
                "Coord B/op",
                "RSS MB",
                "load %",
                "bar: reached");
        runOn(true, rows, deadline);
        runOn(false, rows, deadline);
    }

    private void runOn(boolean fsync, List<Row> all, Deadline deadline) throws Exception {
        List<Row> rows = all.stream().filter(row -> row.fsync() == fsync).toList();
        try (ServerPair.Restarting servers = new ServerPair.Restarting(options.directory(), fsync)) {
            for (Row row : rows) {
                deadline.row(report, row.title(), servers::kill, () -> {
                    ServerPair pair = servers.alive();
                    warmUp(rows, pair);
                    compare(row, pair);
                });
            }
        }
    }

    /**
     * Both servers, with all kinds of load that they will meet, many requests at once: a few requests a second would keep
     * their compilers busy for the first rows.
     */
    private void warmUp(List<Row> rows, ServerPair pair) throws Exception {
        if (!pair.equals(warm)) {
            for (Workload each : rows.stream().map(Row::workload).distinct().toList()) {
                load(pair.zooKeeper(), each, WARMING, options.warmUp());
                load(pair.coord(), each, WARMING, options.warmUp());
            }
            warm = pair;
        }
    }

    private void compare(Row row, ServerPair pair) throws Exception {
        WarmUp.run(() -> load(pair.zooKeeper(), row.workload(), row.shape(), options.measured())
                .usage()
                .compileShare());
        WarmUp.run(() -> load(pair.coord(), row.workload(), row.shape(), options.measured())
                .usage()
                .compileShare());
        List<Round<LoadResult>> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            rounds.add(ServerPair.round(
                    i,
                    () -> load(pair.zooKeeper(), row.workload(), row.shape(), options.measured()),
                    () -> load(pair.coord(), row.workload(), row.shape(), options.measured())));
        }
        Ratios ops = ratios(rounds, LoadResult::opsPerSecond);
        Ratios cpu = ratios(rounds, LoadResult::cpuMicrosPerOp);
        Ratios bytes = ratios(rounds, LoadResult::bytesPerOp);
        Ratios generator = ratios(rounds, result -> result.usage().generatorShare() * 100);
        report.row(
                row.title(),
                ops.peerMedian(),
                ops.ourMedian(),
                ops.ratio(),
                cpu.peerMedian(),
                cpu.ourMedian(),
                cpu.ratio(),
                percentiles(rounds.stream().map(Round::peer).toList()),
                percentiles(rounds.stream().map(Round::ours).toList()),
                bytes.peerMedian(),
                bytes.ourMedian(),
                megabytes(pair.zooKeeper()) + ", " + megabytes(pair.coord()),
                generator.peerMedian() + ", " + generator.ourMedian() + marks(rounds),
                row.bars().stream()
                        .map(bar -> bar.verdict((bar.figure().equals(OPS) ? ops : cpu).medianRatio()))
                        .collect(Collectors.joining("; ")));
    }

    /** What makes a row worth less. */
    private static String marks(List<Round<LoadResult>> rounds) {
        String marks = (anyAbove(rounds, GENERATOR_BUSY, Usage::generatorShare) ? "†" : "")
                + (anyAbove(rounds, DISTURBED, Usage::othersShare) ? "‡" : "")
                + (anyAbove(rounds, COMPILING, Usage::compileShare) ? "°" : "");
        return marks.isEmpty() ? "" : " " + marks;
    }

    private static boolean anyAbove(List<Round<LoadResult>> rounds, double limit, ToDoubleFunction<Usage> share) {
        return rounds.stream()
                .flatMap(round -> Stream.of(round.peer(), round.ours()))
                .anyMatch(result -> share.applyAsDouble(result.usage()) > limit);
    }

    private LoadResult load(ServerProcess server, Workload workload, Shape shape, Duration measured) throws Exception {
        return LoadGenerator.closedLoop(
                server, workload, shape, options.measured().dividedBy(4), measured);
    }

    static Ratios ratios(List<Round<LoadResult>> rounds, ToDoubleFunction<LoadResult> figure) {
        Ratios ratios = new Ratios();
        rounds.forEach(round -> ratios.add(figure.applyAsDouble(round.peer()), figure.applyAsDouble(round.ours())));
        return ratios;
    }

    static String percentiles(List<LoadResult> results) {
        return median(results, LoadResult::p50) + ", " + median(results, LoadResult::p99) + ", "
                + median(results, LoadResult::p999);
    }

    private static String median(List<LoadResult> results, ToDoubleFunction<LoadResult> figure) {
        return Ratios.number(
                Ratios.median(results.stream().map(figure::applyAsDouble).toList()));
    }

    static String megabytes(ServerProcess server) throws Exception {
        return String.valueOf(server.residentBytes() >> 20);
    }

    /** @param quick whether it belongs to the three-minute form */
    private record Row(Workload workload, Shape shape, boolean fsync, boolean quick, List<Bar> bars) {
        String title() {
            return workload.title() + " " + shape + (fsync ? "" : ", fsync off");
        }
    }
}
