package io.coord.verification.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
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
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.data.Stat;

/** Our client beside Curator, both against our server: operations a second, CPU time and allocation of this process. */
final class ClientBenchmark {
    static final String SUITE = "client";

    private static final int TICK_MS = 2000;
    private static final byte[] VALUE = new byte[100];
    private static final String PATH = "/client-bench";

    private final BenchmarkOptions options;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private int port;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    ClientBenchmark(BenchmarkOptions options) {
        this.options = options;
    }

    /** Markdown lines. */
    List<String> run() throws Exception {
        Path directory = Files.createTempDirectory(options.directory(), "client-benchmark");
        try (ServerProcess server = ServerProcess.start(
                Implementation.COORD,
                directory,
                TICK_MS,
                false,
                Machine.serverPrefix(),
                List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC"))) {
            return compareAll(server);
        } finally {
            Directories.delete(directory);
        }
    }

    private List<String> compareAll(ServerProcess server) throws Exception {
        port = server.port();
        List<String> lines = new ArrayList<>(List.of(
                "### Client, 100 bytes, one server of ours without fsync, " + options.rounds() + " interleaved rounds",
                "",
                "CPU and allocation are those of the client's process; ratio = Coord : Curator, least / median / most",
                "",
                "| | Curator ops/s | Coord ops/s | ratio | Curator CPU us/op | Coord CPU us/op | ratio |"
                        + " Curator bytes/op | Coord bytes/op | ratio |",
                "|---|---|---|---|---|---|---|---|---|---|"));
        try (BenchedClient curator = new BenchedClient.Curator(server.connectString());
                BenchedClient coord = new BenchedClient.Coord(server.connectString())) {
            curator.create(PATH, VALUE);
            for (Load load : loads()) {
                lines.add(compare(load, curator, coord));
            }
        }
        return lines;
    }

    private static List<Load> loads() {
        return List.of(
                new Load("get, synchronous", 1, (client, permits) -> client.get(PATH), false),
                new Load("set, synchronous", 1, (client, permits) -> client.set(PATH, VALUE), false),
                new Load("get, window 100", 100, ClientBenchmark::getAsync, true),
                new Load("set, window 100", 100, ClientBenchmark::setAsync, true),
                new Load("get, window 1000", 1000, ClientBenchmark::getAsync, true),
                new Load("set, window 1000", 1000, ClientBenchmark::setAsync, true));
    }

    private static void getAsync(BenchedClient client, Window window) throws Exception {
        client.getAsync(PATH, window::done);
    }

    private static void setAsync(BenchedClient client, Window window) throws Exception {
        client.setAsync(PATH, VALUE, window::done);
    }

    private String compare(Load load, BenchedClient curator, BenchedClient coord) throws Exception {
        Ratios ops = new Ratios();
        Ratios cpu = new Ratios();
        Ratios bytes = new Ratios();
        measureAndCheck(load, curator, options.warmUp().multipliedBy(2));
        measureAndCheck(load, coord, options.warmUp().multipliedBy(2));
        for (int round = 0; round < options.rounds(); round++) {
            boolean curatorFirst = round % 2 == 0;
            Figures first = measureAndCheck(load, curatorFirst ? curator : coord, options.measured());
            Figures second = measureAndCheck(load, curatorFirst ? coord : curator, options.measured());
            Figures peer = curatorFirst ? first : second;
            Figures ours = curatorFirst ? second : first;
            ops.add(peer.opsPerSecond(), ours.opsPerSecond());
            cpu.add(peer.cpuMicrosPerOp(), ours.cpuMicrosPerOp());
            bytes.add(peer.bytesPerOp(), ours.bytesPerOp());
        }
        return String.join(
                " | ",
                "| " + load.title(),
                ops.peerMedian(),
                ops.ourMedian(),
                ops.ratio(),
                cpu.peerMedian(),
                cpu.ourMedian(),
                cpu.ratio(),
                bytes.peerMedian(),
                bytes.ourMedian(),
                bytes.ratio() + " |");
    }

    /** A set that was counted must have happened. */
    private Figures measureAndCheck(Load load, BenchedClient client, Duration duration) throws Exception {
        int before = version();
        Figures figures = measure(load, client, duration);
        int sets = version() - before;
        if (sets != (load.writes() ? figures.ops() : 0)) {
            throw new IOException(load.title() + ": " + figures.ops() + " operations, " + sets + " sets done");
        }
        return figures;
    }

    private int version() {
        try (RawSession session = RawSession.open(port)) {
            int version =
                    session.ok(Operation.exists(PATH, false)).into(new Stat()).getVersion();
            session.endSession();
            return version;
        }
    }

    private Figures measure(Load load, BenchedClient client, Duration duration) throws Exception {
        Window window = new Window(load.window());
        long cpu = system.getProcessCpuTime();
        long allocated = allocatedBytes();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        long ops = 0;
        while (System.nanoTime() - end < 0) {
            if (load.async()) {
                window.enter();
            }
            load.call().on(client, window);
            ops++;
        }
        window.awaitAll();
        long nanos = System.nanoTime() - start;
        return new Figures(
                ops,
                ops * 1e9 / nanos,
                (system.getProcessCpuTime() - cpu) / 1e3 / ops,
                (double) (allocatedBytes() - allocated) / ops);
    }

    /** Of all threads that live; both clients keep theirs for the whole benchmark. */
    private long allocatedBytes() {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }

    private record Figures(long ops, double opsPerSecond, double cpuMicrosPerOp, double bytesPerOp) {}

    private record Load(String title, int window, Call call, boolean async) {
        boolean writes() {
            return title.startsWith("set");
        }
    }

    /** One operation; an asynchronous one tells the window when it is done. */
    private interface Call {
        void on(BenchedClient client, Window window) throws Exception;
    }

    /** Bounds what is outstanding, and keeps the first failure. */
    private static final class Window {
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

        void done(Object failed) {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
            free.release();
        }

        void awaitAll() throws IOException {
            free.acquireUninterruptibly(size);
            if (failure.get() != null) {
                throw new IOException("an operation failed: " + failure.get());
            }
        }
    }
}
