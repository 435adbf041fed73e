package io.coord.verification.bench;

import static io.coord.verification.bench.Bar.CPU;
import static io.coord.verification.bench.Bar.OPS;

import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Closed loops of plain requests on our server beside ZooKeeper's. */
final class ServerBenchmark {
    static final String SUITE = "server";

    private static final Shape WARMING = new Shape(10, 100);
    private static final double BUSY = 0.9;
    private static final double DISTURBED = 0.15;

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
        List<Row> rows = ROWS.stream()
                .filter(row -> options.runsRow(SUITE, row.title(), row.quick()))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        report.section(
                "Plain requests, closed loop",
                "Values of 100 bytes, " + options.rounds() + " interleaved rounds of "
                        + options.measured().toMillis()
                        + " ms. c = connections, w = outstanding requests of each. Ratio ="
                        + " Coord : ZooKeeper in a round, least / **median** / most. Latencies: p50, p99, p99.9. Load ="
                        + " share of a processor that the load generator took, with ZooKeeper, with Coord; † above 90 %:"
                        + " the generator was the limit, and ops/s says less than the server could do. ‡: something else"
                        + " took more than 15 % of a processor.");
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
        ServerPair servers = null;
        Workload warm = null;
        try {
            for (Row row : rows) {
                if (servers == null || !servers.isAlive()) {
                    close(servers);
                    servers = ServerPair.start(options.directory(), fsync);
                    warm = null;
                }
                ServerPair pair = servers;
                Workload warmed = warm;
                deadline.row(report, row.title(), pair::kill, () -> {
                    if (warmed != row.workload()) {
                        load(pair.zooKeeper(), row.workload(), WARMING, options.warmUp());
                        load(pair.coord(), row.workload(), WARMING, options.warmUp());
                    }
                    compare(row, pair);
                });
                warm = row.workload();
            }
        } finally {
            close(servers);
        }
    }

    private static void close(ServerPair servers) throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    private void compare(Row row, ServerPair pair) throws Exception {
        load(pair.zooKeeper(), row.workload(), row.shape(), options.measured());
        load(pair.coord(), row.workload(), row.shape(), options.measured());
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
        boolean disturbed = rounds.stream()
                .anyMatch(round -> Math.max(
                                round.peer().usage().othersShare(),
                                round.ours().usage().othersShare())
                        > DISTURBED);
        boolean limited = rounds.stream()
                .anyMatch(round -> Math.max(
                                round.peer().usage().generatorShare(),
                                round.ours().usage().generatorShare())
                        > BUSY);
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
                generator.peerMedian() + ", " + generator.ourMedian() + (limited ? " †" : "") + (disturbed ? " ‡" : ""),
                row.bars().stream()
                        .map(bar -> bar.verdict((bar.figure().equals(OPS) ? ops : cpu).medianRatio()))
                        .collect(Collectors.joining("; ")));
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
