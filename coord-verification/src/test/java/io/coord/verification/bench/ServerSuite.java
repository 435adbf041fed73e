package io.coord.verification.bench;

import io.coord.verification.bench.FanOutBenchmark.Kind;
import java.util.ArrayList;
import java.util.List;

/** All that compares our server with ZooKeeper's. */
final class ServerSuite {
    static final String SUITE = ServerBenchmark.SUITE;

    private static final int ZNODES = 200_000;

    private final BenchmarkOptions options;
    private final Report report;
    private final Deadline deadline;

    ServerSuite(BenchmarkOptions options, Report report, Deadline deadline) {
        this.options = options;
        this.report = report;
        this.deadline = deadline;
    }

    void run() throws Exception {
        new ServerBenchmark(options, report).run(deadline);
        openLoops();
        manyClients();
        starts();
    }

    private void openLoops() throws Exception {
        List<Workload> workloads = new ArrayList<>();
        for (Workload each : List.of(Workload.SET_DATA, Workload.GET_DATA, Workload.MIXED)) {
            if (runs(OpenLoopBenchmark.title(each), false)) {
                workloads.add(each);
            }
        }
        if (workloads.isEmpty()) {
            return;
        }
        OpenLoopBenchmark benchmark = new OpenLoopBenchmark(options, report);
        try (ServerPair.Restarting servers = new ServerPair.Restarting(options.directory(), true)) {
            for (Workload each : workloads) {
                String title = OpenLoopBenchmark.title(each);
                deadline.row(report, title, servers::kill, () -> benchmark.run(each, servers.alive()));
            }
        }
    }

    private void manyClients() throws Exception {
        List<PairRow> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            rows.add(new PairRow(
                    kind.title(),
                    kind == Kind.PERSISTENT,
                    (table, pair) -> new FanOutBenchmark(options, table).run(kind, pair)));
        }
        rows.add(new PairRow(
                ConnectBenchmark.TITLE, false, (table, pair) -> new ConnectBenchmark(options, table).run(pair)));
        rows.add(new PairRow(
                IdleSessionsBenchmark.TITLE,
                false,
                (table, pair) -> new IdleSessionsBenchmark(options, table).run(pair)));
        rows.add(new PairRow(ListBenchmark.TITLE, false, (table, pair) -> new ListBenchmark(options, table).run(pair)));
        rows.removeIf(row -> !runs(row.title(), row.quick()));
        if (rows.isEmpty()) {
            return;
        }
        FigureTable table = FigureTable.begin(
                report,
                "ZooKeeper",
                "Watches, sessions, lists",
                "Ratio = Coord : ZooKeeper in a round, least / **median** / most of " + options.rounds()
                        + " rounds. A one-shot watch is set again, by a getData, as soon as its event has come; the cost"
                        + " of that is in the figure.");
        try (ServerPair.Restarting servers = new ServerPair.Restarting(options.directory(), true)) {
            for (PairRow row : rows) {
                deadline.row(
                        report, row.title(), servers::kill, () -> row.action().run(table, servers.alive()));
            }
        }
    }

    private void starts() {
        int znodes = BenchmarkOptions.count("bench.znodes", ZNODES);
        List<StartRow> rows = new ArrayList<>(List.of(
                new StartRow(StartBenchmark.COLD, true, StartBenchmark::cold),
                new StartRow(StartBenchmark.IN_PROCESS, false, StartBenchmark::inProcess),
                new StartRow(StartBenchmark.RESTART, false, benchmark -> benchmark.restart(znodes))));
        rows.removeIf(row -> !runs(row.title(), row.quick()));
        List<StandaloneRow> standalone = new ArrayList<>(List.of(
                new StandaloneRow(StandaloneStartBenchmark.FIRST, StandaloneStartBenchmark::first),
                new StandaloneRow(StandaloneStartBenchmark.RESTART, StandaloneStartBenchmark::restart)));
        standalone.removeIf(row -> !runs(row.title(), false));
        if (rows.isEmpty() && standalone.isEmpty()) {
            return;
        }
        FigureTable table = FigureTable.begin(
                report,
                "ZooKeeper",
                "Start",
                "From the start of the process, or of the call, to the first acknowledged create, fsync on; "
                        + options.rounds() + " interleaved rounds.");
        StartBenchmark benchmark = new StartBenchmark(options, table);
        for (StartRow row : rows) {
            deadline.row(report, row.title(), () -> {}, () -> row.action().run(benchmark));
        }
        StandaloneStartBenchmark processes = new StandaloneStartBenchmark(options, table);
        for (StandaloneRow row : standalone) {
            deadline.row(report, row.title(), () -> {}, () -> row.action().run(processes));
        }
    }

    private boolean runs(String row, boolean quick) {
        return options.runsRow(SUITE, row, quick);
    }

    private record PairRow(String title, boolean quick, PairAction action) {}

    private interface PairAction {
        void run(FigureTable table, ServerPair pair) throws Exception;
    }

    private record StartRow(String title, boolean quick, StartAction action) {}

    private interface StartAction {
        void run(StartBenchmark benchmark) throws Exception;
    }

    private record StandaloneRow(String title, StandaloneAction action) {}

    private interface StandaloneAction {
        void run(StandaloneStartBenchmark benchmark) throws Exception;
    }
}
