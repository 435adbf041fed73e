package io.coord.verification.bench;

import static io.coord.verification.bench.Bar.ALLOCATION;
import static io.coord.verification.bench.Bar.CPU;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** Our client beside Curator, both against our server: operations a second, CPU time and allocation of this process. */
final class ClientBenchmark {
    static final String SUITE = "client";

    private static final String START = "start to the first get, warm";
    private static final int STARTS = 20;
    private static final String PATH = "/client-bench";
    private static final List<String> JVM_OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");
    private static final List<Bar> SYNCHRONOUS = List.of(Bar.atMost(CPU, 0.8));
    private static final List<Bar> ASYNCHRONOUS = List.of(Bar.atMost(CPU, 0.4), Bar.atMost(ALLOCATION, 0.2));
    private static final List<Load> LOADS = List.of(
            new Load("get, synchronous", 1, (client, window) -> client.get(PATH), false, SYNCHRONOUS, true),
            new Load(
                    "set, synchronous",
                    1,
                    (client, window) -> client.set(PATH, Workload.VALUE),
                    true,
                    SYNCHRONOUS,
                    false),
            new Load("get, window 100", 100, ClientBenchmark::getAsync, false, ASYNCHRONOUS, false),
            new Load("set, window 100", 100, ClientBenchmark::setAsync, true, ASYNCHRONOUS, false),
            new Load("get, window 1000", 1000, ClientBenchmark::getAsync, false, ASYNCHRONOUS, true),
            new Load("set, window 1000", 1000, ClientBenchmark::setAsync, true, ASYNCHRONOUS, true));

    private final BenchmarkOptions options;
    private final Report report;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    ClientBenchmark(BenchmarkOptions options, Report report) {
        this.options = options;
        this.report = report;
    }

    void run(Deadline deadline) throws Exception {
        List<Load> loads = LOADS.stream()
                .filter(load -> options.runsRow(SUITE, load.title(), load.quick()))
                .toList();
        Path directory = Files.createTempDirectory(options.directory(), "client");
        try (ServerProcess server = ServerProcess.start(
                Implementation.COORD, directory, ServerPair.TICK_MS, false, Machine.serverPrefix(), JVM_OPTIONS)) {
            if (!loads.isEmpty()) {
                operations(loads, server, deadline);
            }
            if (options.runsRow(SUITE, START, false)) {
                FigureTable table = FigureTable.begin(
                        report,
                        "Curator",
                        "Client, start",
                        "A new client in a process where many were before, median of " + STARTS
                                + " starts in a round.");
                deadline.row(report, START, server::kill, () -> starts(server, table));
            }
        } finally {
            Directories.delete(directory);
        }
    }

    private void operations(List<Load> loads, ServerProcess server, Deadline deadline) throws Exception {
        report.section(
                "Client, operations",
                "Values of 100 bytes, one server of ours without fsync, " + options.rounds() + " interleaved rounds of "
                        + options.measured().toMillis()
                        + " ms. CPU and allocation are those of the client's process, the"
                        + " caller's loop included. Ratio = Coord : Curator in a round, least / **median** / most."
                        + " Latencies, of synchronous calls: p50, p99, p99.9.");
        report.header(
                "",
                "Curator ops/s",
                "Coord ops/s",
                "ratio",
                "Curator CPU us/op",
                "Coord CPU us/op",
                "ratio",
                "Curator B/op",
                "Coord B/op",
                "ratio",
                "Curator us",
                "Coord us",
                "bar: reached");
        try (BenchedClient curator = new BenchedClient.Curator(server.connectString());
                BenchedClient coord = new BenchedClient.Coord(server.connectString())) {
            curator.create(PATH, Workload.VALUE);
            for (Load load : loads) {
                deadline.row(report, load.title(), server::kill, () -> compare(load, curator, coord, server.port()));
            }
        }
    }

    private static void getAsync(BenchedClient client, Window window) throws Exception {
        client.getAsync(PATH, window::done);
    }

    private static void setAsync(BenchedClient client, Window window) throws Exception {
        client.setAsync(PATH, Workload.VALUE, window::done);
    }

    private void compare(Load load, BenchedClient curator, BenchedClient coord, int port) throws Exception {
        measureAndCheck(load, curator, port, options.warmUp());
        measureAndCheck(load, coord, port, options.warmUp());
        WarmUp.run(
                () -> measureAndCheck(load, curator, port, options.measured()).compileShare());
        WarmUp.run(() -> measureAndCheck(load, coord, port, options.measured()).compileShare());
        Ratios ops = new Ratios();
        Ratios cpu = new Ratios();
        Ratios bytes = new Ratios();
        List<Figures> peers = new ArrayList<>();
        List<Figures> ours = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            Round<Figures> round = ServerPair.round(
                    i,
                    () -> measureAndCheck(load, curator, port, options.measured()),
                    () -> measureAndCheck(load, coord, port, options.measured()));
            ops.add(round.peer().opsPerSecond(), round.ours().opsPerSecond());
            cpu.add(round.peer().cpuMicrosPerOp(), round.ours().cpuMicrosPerOp());
            bytes.add(round.peer().bytesPerOp(), round.ours().bytesPerOp());
            peers.add(round.peer());
            ours.add(round.ours());
        }
        report.row(
                load.title(),
                ops.peerMedian(),
                ops.ourMedian(),
                ops.ratio(),
                cpu.peerMedian(),
                cpu.ourMedian(),
                cpu.ratio(),
                bytes.peerMedian(),
                bytes.ourMedian(),
                bytes.ratio(),
                load.isSynchronous() ? percentiles(peers) : "",
                load.isSynchronous() ? percentiles(ours) : "",
                load.bars().stream()
                        .map(bar -> bar.verdict((bar.figure().equals(CPU) ? cpu : bytes).medianRatio()))
                        .collect(Collectors.joining("; ")));
    }

    private static String percentiles(List<Figures> rounds) {
        return List.of(50.0, 99.0, 99.9).stream()
                .map(percentile -> Ratios.number(Ratios.median(rounds.stream()
                        .map(each -> each.latencies().getValueAtPercentile(percentile) / 1e3)
                        .toList())))
                .collect(Collectors.joining(", "));
    }

    /** A set that was counted must have happened. */
    private Figures measureAndCheck(Load load, BenchedClient client, int port, Duration duration) throws Exception {
        int before = version(port);
        Figures figures = measure(load, client, duration);
        int sets = version(port) - before;
        if (sets != (load.writes() ? figures.ops() : 0)) {
            throw new IOException(load.title() + ": " + figures.ops() + " operations, " + sets + " sets done");
        }
        return figures;
    }

    private static int version(int port) {
        try (RawSession session = RawSession.open(port)) {
            int version =
                    session.ok(Operation.exists(PATH, false)).into(new Stat()).getVersion();
            session.endSession();
            return version;
        }
    }

    private Figures measure(Load load, BenchedClient client, Duration duration) throws Exception {
        Window window = new Window(load.window());
        Histogram latencies = new Histogram(3);
        OwnCompiler compiler = OwnCompiler.start();
        long cpu = system.getProcessCpuTime();
        long allocated = allocatedBytes();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        long ops = 0;
        for (long now = start; now - end < 0; ops++) {
            if (!load.isSynchronous()) {
                window.enter();
            }
            load.call().on(client, window);
            long done = System.nanoTime();
            if (load.isSynchronous()) {
                latencies.recordValue(done - now);
            }
            now = done;
        }
        window.awaitAll();
        long nanos = System.nanoTime() - start;
        long cpuNanos = system.getProcessCpuTime() - cpu;
        return new Figures(
                ops,
                ops * 1e9 / nanos,
                cpuNanos / 1e3 / ops,
                (double) (allocatedBytes() - allocated) / ops,
                compiler.shareOf(cpuNanos),
                latencies);
    }

    /** Of all threads that live; both clients keep theirs for the whole benchmark. */
    private long allocatedBytes() {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }

    private void starts(ServerProcess server, FigureTable table) throws Exception {
        String connectString = server.connectString();
        Opening curator = () -> new BenchedClient.Curator(connectString);
        Opening coord = () -> new BenchedClient.Coord(connectString);
        startMillis(curator);
        startMillis(coord);
        Ratios millis = new Ratios();
        for (int i = 0; i < options.rounds(); i++) {
            Round<Double> round = ServerPair.round(i, () -> startMillis(curator), () -> startMillis(coord));
            millis.add(round.peer(), round.ours());
        }
        table.row(START, "ms", millis);
    }

    private static double startMillis(Opening opening) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long start = System.nanoTime();
            try (BenchedClient client = opening.open()) {
                client.get("/");
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return Ratios.median(millis);
    }

    private interface Opening {
        BenchedClient open() throws Exception;
    }

    private record Figures(
            long ops,
            double opsPerSecond,
            double cpuMicrosPerOp,
            double bytesPerOp,
            double compileShare,
            Histogram latencies) {}

    /** @param quick whether it belongs to the three-minute form */
    private record Load(String title, int window, Call call, boolean writes, List<Bar> bars, boolean quick) {
        boolean isSynchronous() {
            return window == 1;
        }
    }

    /** One operation; an asynchronous one tells the window when it is done. */
    private interface Call {
        void on(BenchedClient client, Window window) throws Exception;
    }

    /** Bounds what is outstanding, and keeps the first failure. */
    private static final class Window {
        private static final int LONGEST_SECONDS = 60;

        private final int size;
        private final Semaphore free;
        private final AtomicReference<Object> failure = new AtomicReference<>();

        Window(int size) {
            this.size = size;
            this.free = new Semaphore(size);
        }

        void enter() {
            free.acquireUninterruptibly();
        }

        void done(@Nullable Object failed) {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
            free.release();
        }

        void awaitAll() throws IOException, InterruptedException {
            if (!free.tryAcquire(size, LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("operations that never ended");
            }
            if (failure.get() != null) {
                throw new IOException("an operation failed: " + failure.get());
            }
        }
    }
}
