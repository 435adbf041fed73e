package io.coord.verification.bench;

import static io.coord.verification.bench.Bar.ALLOCATION;
import static io.coord.verification.bench.Bar.CPU;

import io.coord.verification.bench.BenchedRecipes.Opening;
import io.coord.verification.bench.ContendedLocks.Mix;
import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Our recipes beside Curator's, both against our server: time, CPU time, allocation and requests of this process. */
final class RecipeBenchmark {
    static final String SUITE = "recipes";

    private static final List<String> JVM_OPTIONS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");
    private static final double LOCK_BAR = 0.6;
    private static final String P50 = "p50";
    private static final String REQUESTS = "requests";

    private static final String ALONE = "lock, uncontended";
    private static final String CONTENDED = "lock, 50 threads of 10 clients";
    private static final String READERS = "read-write lock, 10 threads of 5 clients, 90 % readers";
    private static final String LATCH = "leader latch, 3 contenders, hand-over";
    private static final String CACHE = "cache of " + CacheLoad.NODES + " znodes";

    private final BenchmarkOptions options;
    private final Report report;

    RecipeBenchmark(BenchmarkOptions options, Report report) {
        this.options = options;
        this.report = report;
    }

    void run(Deadline deadline) throws Exception {
        Path directory = Files.createTempDirectory(options.directory(), "recipes");
        try (ServerProcess server = ServerProcess.start(
                Implementation.COORD, directory, ServerPair.TICK_MS, false, Machine.serverPrefix(), JVM_OPTIONS)) {
            FigureTable table = FigureTable.begin(
                    report,
                    "Curator",
                    "Recipes",
                    "One server of ours without fsync, " + options.rounds() + " interleaved rounds of "
                            + options.measured().toMillis() + " ms (caches: one load or one change of each znode)."
                            + " CPU and allocation are those of the clients' process. Ratio = Coord : Curator in a"
                            + " round, least / **median** / most. Requests are counted on the wire in a run of their"
                            + " own, pings and handshakes apart.");
            lock(ALONE, new Mix(1, 1, 0), true, server, table, deadline);
            lock(CONTENDED, new Mix(10, 50, 0), false, server, table, deadline);
            lock(READERS, new Mix(5, 10, 90), false, server, table, deadline);
            if (options.runsRow(SUITE, LATCH, false)) {
                deadline.row(report, LATCH, server::kill, () -> latch(server, table));
            }
            if (options.runsRow(SUITE, CACHE, true)) {
                deadline.row(report, CACHE, server::kill, () -> cache(server, table));
            }
        } finally {
            Directories.delete(directory);
        }
    }

    private void lock(
            String title, Mix mix, boolean quick, ServerProcess server, FigureTable table, Deadline deadline) {
        if (options.runsRow(SUITE, title, quick)) {
            deadline.row(report, title, server::kill, () -> lock(title, mix, server, table));
        }
    }

    private void lock(String title, Mix mix, ServerProcess server, FigureTable table) throws Exception {
        String at = server.connectString();
        try (ContendedLocks curator = new ContendedLocks(mix, BenchedRecipes.Curator::new, at);
                ContendedLocks coord = new ContendedLocks(mix, BenchedRecipes.Coord::new, at)) {
            curator.run(options.warmUp());
            coord.run(options.warmUp());
            WarmUp.run(() -> curator.run(options.measured()).compileShare());
            WarmUp.run(() -> coord.run(options.measured()).compileShare());
            Ratios rate = new Ratios();
            Ratios cpu = new Ratios();
            Ratios bytes = new Ratios();
            Ratios half = new Ratios();
            for (int i = 0; i < options.rounds(); i++) {
                Round<RecipeMeter.Figures> round =
                        ServerPair.round(i, () -> curator.run(options.measured()), () -> coord.run(options.measured()));
                add(rate, round, RecipeMeter.Figures::perSecond);
                add(cpu, round, RecipeMeter.Figures::cpuMicros);
                add(bytes, round, RecipeMeter.Figures::bytes);
                add(half, round, each -> each.latencies().getValueAtPercentile(50) / 1e3);
            }
            table.row(title, "acquired and released, CPU us", cpu, Bar.atMost(CPU, LOCK_BAR));
            table.row("", mix.waited() + ", p50 us", half, Bar.atMost(P50, LOCK_BAR));
            table.row("", "bytes allocated", bytes, Bar.atMost(ALLOCATION, 1));
            table.row("", "a second", rate);
        }
        Ratios requests = new Ratios();
        requests.add(
                requests(mix, BenchedRecipes.Curator::new, server), requests(mix, BenchedRecipes.Coord::new, server));
        table.row("", "requests", requests, Bar.atMost(REQUESTS, 1.01));
    }

    private double requests(Mix mix, Opening opening, ServerProcess server) throws Exception {
        try (FrameCounter counter = new FrameCounter(server.port());
                ContendedLocks locks = new ContendedLocks(mix, opening, counter.connectString())) {
            locks.run(Duration.ZERO); // Makes the parents.
            long before = counter.requests();
            long timesBefore = locks.times();
            locks.run(options.measured());
            return (double) (counter.requests() - before) / (locks.times() - timesBefore);
        }
    }

    @SuppressWarnings("try") // Closing may be interrupted, as the benchmark may.
    private void latch(ServerProcess server, FigureTable table) throws Exception {
        String at = server.connectString();
        try (LatchHandOver curator = new LatchHandOver(BenchedRecipes.Curator::new, at);
                LatchHandOver coord = new LatchHandOver(BenchedRecipes.Coord::new, at)) {
            curator.run(options.warmUp());
            coord.run(options.warmUp());
            WarmUp.run(() -> curator.run(options.measured()).compileShare());
            WarmUp.run(() -> coord.run(options.measured()).compileShare());
            Ratios half = new Ratios();
            Ratios cpu = new Ratios();
            for (int i = 0; i < options.rounds(); i++) {
                Round<RecipeMeter.Figures> round =
                        ServerPair.round(i, () -> curator.run(options.measured()), () -> coord.run(options.measured()));
                add(half, round, each -> each.latencies().getValueAtPercentile(50) / 1e3);
                add(cpu, round, RecipeMeter.Figures::cpuMicros);
            }
            table.row(LATCH, "close to next leader, p50 us", half, Bar.atMost(P50, LOCK_BAR));
            table.row("", "with a new contender, CPU us", cpu, Bar.atMost(CPU, LOCK_BAR));
        }
    }

    private void cache(ServerProcess server, FigureTable table) throws Exception {
        CacheLoad.fill(server.connectString());
        Ratios millis = new Ratios();
        Ratios loadCpu = new Ratios();
        Ratios loadBytes = new Ratios();
        Ratios rate = new Ratios();
        Ratios eventCpu = new Ratios();
        String at = server.connectString();
        try (CacheLoad curator = new CacheLoad(BenchedRecipes.Curator::new, at);
                CacheLoad coord = new CacheLoad(BenchedRecipes.Coord::new, at)) {
            WarmUp.run(() -> curator.run().events().compileShare());
            WarmUp.run(() -> coord.run().events().compileShare());
            for (int i = 0; i < options.rounds(); i++) {
                Round<CacheLoad.Figures> round = ServerPair.round(i, curator::run, coord::run);
                add(millis, round, each -> 1e3 / each.load().perSecond());
                add(loadCpu, round, each -> each.load().cpuMicros() / 1e3);
                add(loadBytes, round, each -> each.load().bytes() / CacheLoad.NODES);
                add(rate, round, each -> each.events().perSecond());
                add(eventCpu, round, each -> each.events().cpuMicros());
            }
        }
        table.row(CACHE, "first load, ms", millis, Bar.atMost("time", 0.2));
        table.row("", "first load, CPU ms", loadCpu);
        table.row("", "first load, bytes allocated a znode", loadBytes);
        Ratios requests = new Ratios();
        requests.add(
                cacheRequests(BenchedRecipes.Curator::new, server), cacheRequests(BenchedRecipes.Coord::new, server));
        table.row("", "first load, requests", requests, Bar.atMost(REQUESTS, 0.05));
        table.row("", "events a second", rate);
        table.row("", "CPU us an event, the write's included", eventCpu, Bar.atMost(CPU, 0.5));
    }

    private static double cacheRequests(Opening opening, ServerProcess server) throws Exception {
        try (FrameCounter counter = new FrameCounter(server.port());
                CacheLoad cache = new CacheLoad(opening, counter.connectString())) {
            cache.load();
            return counter.requests();
        }
    }

    private static <T> void add(Ratios ratios, Round<T> round, ToDoubleFunction<T> figure) {
        ratios.add(figure.applyAsDouble(round.peer()), figure.applyAsDouble(round.ours()));
    }
}
