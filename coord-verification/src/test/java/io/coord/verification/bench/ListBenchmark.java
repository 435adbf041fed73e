package io.coord.verification.bench;

import io.coord.verification.bench.Meter.Usage;
import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Lists of 10,000 children, and what they do to the writes of another client. */
final class ListBenchmark {
    static final String TITLE = "getChildren of 10,000";

    private static final int CHILDREN = 10_000;
    private static final int LISTERS = 10;
    private static final int SESSION_MS = 40_000;
    private static final int MOST_OUTSTANDING = 1000;
    private static final double CPU_BAR = 0.1;
    private static final double DELAY_BAR = 1.1;
    private static final double SHARE_OF_MAXIMUM = 0.5;

    private final BenchmarkOptions options;
    private final FigureTable table;
    private final String root = "/list-" + System.nanoTime();
    private final String written = root + "-written";

    ListBenchmark(BenchmarkOptions options, FigureTable table) {
        this.options = options;
        this.table = table;
    }

    void run(ServerPair pair) throws Exception {
        fill(pair.zooKeeper());
        fill(pair.coord());
        lists(pair.zooKeeper(), options.warmUp());
        lists(pair.coord(), options.warmUp());
        Ratios cpu = new Ratios();
        Ratios rate = new Ratios();
        for (int i = 0; i < options.rounds(); i++) {
            Round<Lists> round = ServerPair.round(
                    i,
                    () -> lists(pair.zooKeeper(), options.measured()),
                    () -> lists(pair.coord(), options.measured()));
            cpu.add(round.peer().cpuMicros(), round.ours().cpuMicros());
            rate.add(round.peer().perSecond(), round.ours().perSecond());
        }
        table.row(TITLE + ", c" + LISTERS + " w1", "CPU us/op", cpu, Bar.atMost(Bar.CPU, CPU_BAR));
        table.row("", "ops/s", rate);
        writes(pair, SHARE_OF_MAXIMUM * rate.peerMedianFigure());
        BulkChildren.delete(pair.zooKeeper().port(), root, CHILDREN);
        BulkChildren.delete(pair.coord().port(), root, CHILDREN);
    }

    private void fill(ServerProcess server) throws IOException {
        try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
            session.ok(Operation.create(root, Workload.VALUE, Operation.PERSISTENT));
            session.ok(Operation.create(written, Workload.VALUE, Operation.PERSISTENT));
            session.endSession();
        }
        BulkChildren.create(server.port(), root, CHILDREN, new byte[0]);
    }

    private void writes(ServerPair pair, double listsPerSecond) throws Exception {
        beside(pair.zooKeeper(), listsPerSecond, options.warmUp());
        beside(pair.coord(), listsPerSecond, options.warmUp());
        Ratios alone = new Ratios();
        Ratios aloneTail = new Ratios();
        Ratios besideLists = new Ratios();
        Ratios besideTail = new Ratios();
        Ratios ours = new Ratios();
        for (int i = 0; i < options.rounds(); i++) {
            Round<Histogram> quiet = ServerPair.round(
                    i,
                    () -> beside(pair.zooKeeper(), 0, options.measured()),
                    () -> beside(pair.coord(), 0, options.measured()));
            Round<Histogram> round = ServerPair.round(
                    i,
                    () -> beside(pair.zooKeeper(), listsPerSecond, options.measured()),
                    () -> beside(pair.coord(), listsPerSecond, options.measured()));
            alone.add(micros(quiet.peer(), 50), micros(quiet.ours(), 50));
            aloneTail.add(micros(quiet.peer(), 99), micros(quiet.ours(), 99));
            besideLists.add(micros(round.peer(), 50), micros(round.ours(), 50));
            besideTail.add(micros(round.peer(), 99), micros(round.ours(), 99));
            ours.add(micros(quiet.ours(), 50), micros(round.ours(), 50));
        }
        table.row("another client's setData, one at a time", "p50 us", alone);
        table.row("", "p99 us", aloneTail);
        String lists = "the same beside " + Ratios.number(listsPerSecond) + " lists/s";
        table.row(lists + " (half of ZooKeeper's most)", "p50 us", besideLists);
        table.row("", "p99 us", besideTail);
        table.report()
                .row(
                        "",
                        "Coord's p50 beside : alone",
                        "",
                        "",
                        ours.ratio(),
                        Bar.atMost("delay", DELAY_BAR).verdict(ours.medianRatio()));
    }

    private static double micros(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    private record Lists(long count, Usage usage) {
        double cpuMicros() {
            return usage.cpuNanos() / 1e3 / count;
        }

        double perSecond() {
            return count / usage.seconds();
        }
    }

    private Lists lists(ServerProcess server, Duration measured) throws IOException {
        try (Clients clients = new Clients(server, 0)) {
            clients.runClosed(measured.dividedBy(4));
            Meter meter = Meter.start(server);
            long before = clients.listed();
            clients.runClosed(measured);
            return new Lists(clients.listed() - before, meter.stop());
        }
    }

    /** Latencies of the writes. */
    private Histogram beside(ServerProcess server, double listsPerSecond, Duration measured) throws IOException {
        try (Clients clients = new Clients(server, 1)) {
            clients.runBeside(listsPerSecond, measured.dividedBy(4));
            clients.record();
            clients.runBeside(listsPerSecond, measured);
            return clients.latencies;
        }
    }

    private final class Clients implements AutoCloseable {
        private final Histogram latencies = new Histogram(3);
        private final Selector selector = Selector.open();
        private final List<LoadConnection> listers = new ArrayList<>();
        private final List<LoadConnection> writers = new ArrayList<>();

        Clients(ServerProcess server, int writing) throws IOException {
            for (int i = 0; i < LISTERS; i++) {
                listers.add(open(server, new Listing(root), MOST_OUTSTANDING, new Histogram(1)));
            }
            for (int i = 0; i < writing; i++) {
                writers.add(open(server, Workload.SET_DATA.source(written, 1), 1, latencies));
            }
        }

        private LoadConnection open(ServerProcess server, RequestSource source, int window, Histogram histogram)
                throws IOException {
            LoadConnection connection = LoadConnection.open(server.port(), SESSION_MS, source, window, histogram);
            connection.channel().configureBlocking(false);
            connection.channel().register(selector, SelectionKey.OP_READ, connection);
            return connection;
        }

        void record() {
            writers.forEach(each -> each.setRecording(true));
        }

        long listed() {
            return listers.stream().mapToLong(LoadConnection::received).sum();
        }

        void runClosed(Duration duration) throws IOException {
            long end = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() - end < 0) {
                for (LoadConnection each : listers) {
                    each.fill(each.received() + 1);
                }
                selector.select();
                drain();
            }
        }

        /** Lists by the clock, writes one after the other. */
        void runBeside(double listsPerSecond, Duration duration) throws IOException {
            long start = System.nanoTime();
            long lists = 0;
            for (long now = start; now - start < duration.toNanos(); now = System.nanoTime()) {
                for (; lists < (now - start) / 1e9 * listsPerSecond; lists++) {
                    LoadConnection lister = listers.get((int) (lists % listers.size()));
                    lister.append(now);
                    lister.flush();
                }
                for (LoadConnection each : writers) {
                    each.fill();
                }
                selector.selectNow();
                drain();
            }
        }

        private void drain() throws IOException {
            for (SelectionKey key : selector.selectedKeys()) {
                ((LoadConnection) key.attachment()).drain();
            }
            selector.selectedKeys().clear();
        }

        @Override
        public void close() throws IOException {
            selector.close();
            List<LoadConnection> all = new ArrayList<>(listers);
            all.addAll(writers);
            for (LoadConnection each : all) {
                each.finish();
                each.close();
            }
        }
    }

    /** Every reply must name all children. */
    private static final class Listing implements RequestSource {
        private static final int LONGEST_REPLY_BYTES = 1 << 18;

        private final RequestTemplate request;

        Listing(String root) {
            this.request = RequestTemplate.constant(Operation.getChildren(root, false));
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            request.write(out, xid, index);
        }

        @Override
        public int longestRequestBytes() {
            return request.bytes();
        }

        @Override
        public int longestReplyBytes() {
            return LONGEST_REPLY_BYTES;
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0
                    && length == HEADER_BYTES + Integer.BYTES + CHILDREN * (Integer.BYTES + RequestTemplate.DIGITS)
                    && in.getInt(at + HEADER_BYTES) == CHILDREN;
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return acknowledged;
        }
    }
}
