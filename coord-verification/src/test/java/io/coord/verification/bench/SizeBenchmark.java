package io.coord.verification.bench;

import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What a million znodes take, and whom a snapshot of them holds up. The restart with them is the server suite's row, with
 * {@code -Dbench.znodes=1000000}.
 */
final class SizeBenchmark {
    static final String SUITE = "size";

    private static final String HEAP = "heap of a znode";
    private static final String SNAPSHOT = "snapshot under load";
    private static final int ZNODES = 1_000_000;
    private static final List<String> JVM_OPTIONS = List.of("-Xms3g", "-Xmx3g", "-XX:+UseG1GC");
    private static final double HEAP_BAR = 260;
    private static final double PAUSE_BAR_MS = 20;
    private static final int SESSION_MS = 40_000;
    private static final int WINDOW = 100;
    private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;
    private static final String ROOT = "/size";
    private static final byte[] VALUE = Workload.VALUE;

    private final BenchmarkOptions options;
    private final Report report;
    private final int znodes = BenchmarkOptions.count("bench.znodes", ZNODES);

    SizeBenchmark(BenchmarkOptions options, Report report) {
        this.options = options;
        this.report = report;
    }

    void run(Deadline deadline) {
        FigureTable table = FigureTable.begin(
                report,
                "ZooKeeper",
                "Size: " + Ratios.number(znodes) + " znodes of 100 bytes",
                "Heap: in use after full collections, less that of the empty server. Snapshot: each server is written to at"
                        + " full speed, c1 w" + WINDOW
                        + ", each time another random znode, until it has written a whole"
                        + " snapshot; another client reads all the time, one request after the other. JVM: "
                        + String.join(" ", JVM_OPTIONS) + ".");
        if (options.runsRow(SUITE, HEAP, true)) {
            deadline.row(report, HEAP, () -> {}, () -> heap(table));
        }
        if (options.runsRow(SUITE, SNAPSHOT, true)) {
            deadline.row(report, SNAPSHOT, () -> {}, () -> snapshot(table));
        }
    }

    private void heap(FigureTable table) throws Exception {
        Ratios bytes = new Ratios();
        Ratios set = new Ratios();
        Ratios resident = new Ratios();
        Round<Heap> round = ServerPair.round(0, () -> heap(Implementation.ZOOKEEPER), () -> heap(Implementation.COORD));
        bytes.add(round.peer().bytes(), round.ours().bytes());
        set.add(round.peer().bytesWhenSet(), round.ours().bytesWhenSet());
        resident.add(round.peer().residentMegabytes(), round.ours().residentMegabytes());
        table.absoluteRow(HEAP, "B", bytes, Bar.atMost("B", HEAP_BAR));
        table.absoluteRow("", "B, each set once", set, Bar.atMost("B", HEAP_BAR));
        table.row("", "RSS MB", resident);
    }

    /** @param bytes of a znode */
    private record Heap(double bytes, double bytesWhenSet, double residentMegabytes) {}

    private Heap heap(Implementation implementation) throws IOException {
        return withServer(implementation, (server, directory) -> {
            long empty = server.liveHeapBytes();
            fill(server);
            double bytes = (double) (server.liveHeapBytes() - empty) / znodes;
            double resident = server.residentBytes() >> 20;
            set(server, index -> index, znodes);
            return new Heap(bytes, (double) (server.liveHeapBytes() - empty) / znodes, resident);
        });
    }

    private void snapshot(FigureTable table) throws Exception {
        Ratios longest = new Ratios();
        Ratios tail = new Ratios();
        Ratios median = new Ratios();
        Ratios writes = new Ratios();
        Ratios collection = new Ratios();
        Ratios turn = new Ratios();
        for (int i = 0; i < 1; i++) {
            Round<Reads> round =
                    ServerPair.round(i, () -> reads(Implementation.ZOOKEEPER), () -> reads(Implementation.COORD));
            longest.add(
                    ms(round.peer().gaps().getMaxValue()),
                    ms(round.ours().gaps().getMaxValue()));
            tail.add(
                    ms(round.peer().gaps().getValueAtPercentile(99.9)),
                    ms(round.ours().gaps().getValueAtPercentile(99.9)));
            median.add(
                    ms(round.peer().gaps().getValueAtPercentile(50)),
                    ms(round.ours().gaps().getValueAtPercentile(50)));
            writes.add(round.peer().writesPerSecond(), round.ours().writesPerSecond());
            collection.add(
                    ms(round.peer().longestCollection().toNanos()),
                    ms(round.ours().longestCollection().toNanos()));
            turn.add(
                    ms(round.peer().longestTurn().toNanos()),
                    ms(round.ours().longestTurn().toNanos()));
        }
        table.absoluteRow(SNAPSHOT, "ms, a reader's longest wait", longest, Bar.atMost("ms", PAUSE_BAR_MS));
        report.row("", "ms, the longest collection", collection.peerMedian(), collection.ourMedian(), "", "");
        report.row(
                "",
                "ms, our thread's longest turn without one",
                "",
                turn.ourMedian(),
                "",
                Bar.atMost("ms", PAUSE_BAR_MS).verdict(turn.ourMedianFigure()));
        table.row("", "ms, p99.9", tail);
        table.row("", "ms, median", median);
        table.row("", "writes/s beside it", writes);
    }

    private static double ms(long nanos) {
        return nanos / 1e6;
    }

    /** @param gaps between the answers to a reader, in nanoseconds */
    private record Reads(Histogram gaps, double writesPerSecond, Duration longestCollection, Duration longestTurn) {}

    private Reads reads(Implementation implementation) throws IOException {
        return withServer(implementation, (server, directory) -> {
            fill(server);
            set(server, new Random(1).longs(znodes / 5, 0, znodes).toArray());
            Set<String> before = snapshots(directory);
            Reading reading = new Reading(server.port());
            CompletableFuture<Histogram> gaps = CompletableFuture.supplyAsync(reading::run);
            server.longestCollection();
            server.longestTurn();
            long start = System.nanoTime();
            long[] numbers = new Random(2).longs(1 << 20, 0, znodes).toArray();
            long written = 0;
            try {
                while (snapshots(directory).equals(before) || !isQuiet(directory)) {
                    if (System.nanoTime() - start > LONGEST_WAIT_NANOS) {
                        throw new IOException(implementation + " has not finished a snapshot");
                    }
                    int from = (int) (written % (numbers.length - 10_000));
                    set(server, Arrays.copyOfRange(numbers, from, from + 10_000));
                    written += 10_000;
                }
            } finally {
                reading.stop = true;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            try {
                return new Reads(gaps.join(), written / seconds, server.longestCollection(), server.longestTurn());
            } catch (CompletionException e) {
                throw new IOException("the reader failed", e);
            }
        });
    }

    /** No snapshot is being written. */
    private static boolean isQuiet(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.noneMatch(each -> each.toString().endsWith(".tmp"));
        }
    }

    private static Set<String> snapshots(Path directory) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith("snapshot") && !name.endsWith(".tmp"))
                    .forEach(found::add);
        }
        return found;
    }

    private void fill(ServerProcess server) throws IOException {
        try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
            session.ok(Operation.create(ROOT, VALUE, Operation.PERSISTENT));
            session.endSession();
        }
        BulkChildren.create(server.port(), ROOT, znodes, VALUE);
    }

    private static void set(ServerProcess server, long[] numbers) throws IOException {
        set(server, index -> numbers[(int) index], numbers.length);
    }

    private static void set(ServerProcess server, LongUnaryOperator number, long count) throws IOException {
        Setting setting = new Setting(number);
        try (LoadConnection connection =
                LoadConnection.open(server.port(), SESSION_MS, setting, WINDOW, new Histogram(1))) {
            while (connection.received() < count) {
                connection.fill(count);
                connection.drain();
            }
        }
    }

    private <T> T withServer(Implementation implementation, Use<T> use) throws IOException {
        Path directory = Files.createTempDirectory(options.directory(), SUITE);
        try (ServerProcess server = ServerProcess.start(
                implementation, directory, ServerPair.TICK_MS, true, Machine.serverPrefix(), JVM_OPTIONS)) {
            return use.apply(server, directory);
        } finally {
            Directories.delete(directory);
        }
    }

    private interface Use<T> {
        T apply(ServerProcess server, Path directory) throws IOException;
    }

    /** One read after the other. */
    private static final class Reading {
        private final int port;
        private volatile boolean stop;

        Reading(int port) {
            this.port = port;
        }

        Histogram run() {
            Histogram gaps = new Histogram(3);
            try (RawSession session = RawSession.open(port, SESSION_MS)) {
                Operation read = Operation.getData(ROOT, false);
                session.ok(read);
                long last = System.nanoTime();
                while (!stop) {
                    session.ok(read);
                    long now = System.nanoTime();
                    gaps.recordValue(now - last);
                    last = now;
                }
                session.endSession();
            }
            return gaps;
        }
    }

    private static final class Setting implements RequestSource {
        private final LongUnaryOperator number;
        private final RequestTemplate set;

        Setting(LongUnaryOperator number) {
            this.number = number;
            String path = Workload.child(ROOT, 0);
            this.set = RequestTemplate.numbered(path, Operation.setData(path, VALUE, Operation.ANY_VERSION));
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            set.write(out, xid, number.applyAsLong(index));
        }

        @Override
        public int longestRequestBytes() {
            return set.bytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length > HEADER_BYTES;
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return acknowledged;
        }
    }
}
