package io.coord.verification.bench;

import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Latency at a fixed rate, the same for both servers: 30 % of what ZooKeeper can do at most. */
final class OpenLoopBenchmark {
    private static final double SHARE_OF_MAXIMUM = 0.3;
    private static final Shape MAXIMUM = new Shape(10, 100);
    private static final double KEEPS_UP_PERCENT = 98;
    private static final double TAIL_BAR = 0.5;

    private final BenchmarkOptions options;
    private final FigureTable table;

    OpenLoopBenchmark(BenchmarkOptions options, Report report) {
        this.options = options;
        this.table = FigureTable.begin(
                report,
                "ZooKeeper",
                "Latency at a fixed rate, open loop",
                "10 connections; the rate is 30 % of what ZooKeeper did in a closed loop (c10 w100) just before. A"
                        + " request is due at its moment whether or not the server keeps up, and its latency counts from"
                        + " there, less the time in which the generator's own thread was held up; "
                        + options.rounds() + " rounds of "
                        + 2 * options.measured().toMillis()
                        + " ms, ratio = Coord : ZooKeeper, least / **median** / most.");
    }

    static String title(Workload workload) {
        return "open loop " + workload.title();
    }

    void run(Workload workload, ServerPair pair) throws Exception {
        double maximum = warmUp(pair.zooKeeper(), workload);
        warmUp(pair.coord(), workload);
        double rate = SHARE_OF_MAXIMUM * maximum;
        WarmUp.run(() -> load(pair.zooKeeper(), workload, rate).usage().compileShare());
        WarmUp.run(() -> load(pair.coord(), workload, rate).usage().compileShare());
        List<Round<LoadResult>> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            rounds.add(ServerPair.round(
                    i, () -> load(pair.zooKeeper(), workload, rate), () -> load(pair.coord(), workload, rate)));
        }
        double keptUp = keptUpPercent(rounds, rate);
        String title = title(workload)
                + String.format(Locale.ROOT, ", %,.0f/s", rate)
                + (keptUp < KEEPS_UP_PERCENT ? String.format(Locale.ROOT, " (in a round only %.0f %%)", keptUp) : "");
        table.row(title, "p50 us", ServerBenchmark.ratios(rounds, LoadResult::p50));
        table.row("", "p99 us", ServerBenchmark.ratios(rounds, LoadResult::p99), Bar.atMost(Bar.P99, TAIL_BAR));
        table.row("", "p99.9 us", ServerBenchmark.ratios(rounds, LoadResult::p999), Bar.atMost(Bar.P999, TAIL_BAR));
        table.row("", "CPU us/op", ServerBenchmark.ratios(rounds, LoadResult::cpuMicrosPerOp));
    }

    private double warmUp(ServerProcess server, Workload workload) throws IOException {
        return LoadGenerator.closedLoop(server, workload, MAXIMUM, options.warmUp(), options.measured())
                .opsPerSecond();
    }

    private LoadResult load(ServerProcess server, Workload workload, double rate) throws IOException {
        return LoadGenerator.openLoop(
                server,
                workload,
                MAXIMUM.connections(),
                rate,
                options.measured().dividedBy(2),
                options.measured().multipliedBy(2));
    }

    /** Worst round; 100 unless a server fell behind. */
    private static double keptUpPercent(List<Round<LoadResult>> rounds, double rate) {
        return rounds.stream()
                .mapToDouble(round ->
                        100 * Math.min(round.peer().opsPerSecond(), round.ours().opsPerSecond()) / rate)
                .min()
                .orElseThrow();
    }
}
