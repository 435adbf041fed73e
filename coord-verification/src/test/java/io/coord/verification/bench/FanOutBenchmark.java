package io.coord.verification.bench;

import io.coord.verification.bench.Meter.Usage;
import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.Watcher.Event.EventType;

/** One znode that 1,000 sessions watch, set again and again: each time all must have been told before the next. */
final class FanOutBenchmark {
    private static final int WATCHERS = 1000;
    private static final int SESSION_MS = 40_000;
    private static final int EVENT_XID = -1;
    private static final int WATCH_XID = 1;
    private static final double CPU_BAR = 0.4;

    private final BenchmarkOptions options;
    private final FigureTable table;

    FanOutBenchmark(BenchmarkOptions options, FigureTable table) {
        this.options = options;
        this.table = table;
    }

    /** What kind of watch; a one-shot watch is set again, by a getData, as soon as its event has come. */
    enum Kind {
        ONE_SHOT("fan-out one-shot"),
        PERSISTENT("fan-out persistent");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        private Operation watch(String path) {
            return switch (this) {
                case ONE_SHOT -> Operation.getData(path, true);
                case PERSISTENT -> Operation.addWatch(path, AddWatchMode.PERSISTENT.getMode());
            };
        }
    }

    void run(Kind kind, ServerPair pair) throws Exception {
        measure(kind, pair.zooKeeper(), options.warmUp());
        measure(kind, pair.coord(), options.warmUp());
        WarmUp.run(() ->
                measure(kind, pair.zooKeeper(), options.measured()).usage().compileShare());
        WarmUp.run(() -> measure(kind, pair.coord(), options.measured()).usage().compileShare());
        Ratios cpu = new Ratios();
        Ratios rate = new Ratios();
        Ratios all = new Ratios();
        for (int i = 0; i < options.rounds(); i++) {
            Round<Told> round = ServerPair.round(
                    i,
                    () -> measure(kind, pair.zooKeeper(), options.measured()),
                    () -> measure(kind, pair.coord(), options.measured()));
            add(cpu, round, told -> told.usage().cpuNanos() / 1e3 / told.notifications());
            add(rate, round, told -> told.notifications() / told.usage().seconds());
            add(all, round, told -> told.untilAll().getValueAtPercentile(50) / 1e3);
        }
        table.row(
                kind.title() + ", " + WATCHERS + " watchers",
                "CPU us a notification",
                cpu,
                Bar.atMost(Bar.CPU, CPU_BAR));
        table.row("", "notifications/s", rate);
        table.row("", "us until all are told, p50", all);
    }

    private static void add(Ratios ratios, Round<Told> round, ToDoubleFunction<Told> figure) {
        ratios.add(figure.applyAsDouble(round.peer()), figure.applyAsDouble(round.ours()));
    }

    private Told measure(Kind kind, ServerProcess server, Duration measured) throws IOException {
        String path = "/fan-out-" + System.nanoTime();
        try (RawSession writer = RawSession.open(server.port(), SESSION_MS);
                SessionCrowd watchers = SessionCrowd.open(server, WATCHERS, SESSION_MS)) {
            writer.ok(Operation.create(path, Workload.VALUE, Operation.PERSISTENT));
            Changes changes = new Changes(kind, path, writer, watchers);
            changes.arm();
            changes.runFor(measured.dividedBy(4));
            Meter meter = Meter.start(server);
            Histogram untilAll = new Histogram(3);
            long count = changes.runFor(measured, untilAll);
            Told told = new Told(count * WATCHERS, meter.stop(), untilAll);
            writer.ok(Operation.delete(path, Operation.ANY_VERSION));
            writer.endSession();
            return told;
        }
    }

    private record Told(long notifications, Usage usage, Histogram untilAll) {}

    private static final class Changes {
        private final Kind kind;
        private final RawSession writer;
        private final SessionCrowd watchers;
        private final ByteBuffer arm;
        private final Operation change;
        private final int eventBytes;
        private int events;
        private int replies;

        Changes(Kind kind, String path, RawSession writer, SessionCrowd watchers) {
            this.kind = kind;
            this.writer = writer;
            this.watchers = watchers;
            this.arm = SessionCrowd.frame(WATCH_XID, kind.watch(path));
            this.change = Operation.setData(path, Workload.VALUE, Operation.ANY_VERSION);
            this.eventBytes = RequestSource.HEADER_BYTES + 3 * Integer.BYTES + path.length();
        }

        void arm() throws IOException {
            for (SessionSocket each : watchers.sockets()) {
                each.send(arm);
            }
            awaitAll(0, WATCHERS);
        }

        void runFor(Duration duration) throws IOException {
            runFor(duration, new Histogram(3));
        }

        long runFor(Duration duration, Histogram untilAll) throws IOException {
            long end = System.nanoTime() + duration.toNanos();
            long count = 0;
            while (System.nanoTime() - end < 0) {
                long start = System.nanoTime();
                writer.ok(change);
                awaitAll(WATCHERS, kind == Kind.ONE_SHOT ? WATCHERS : 0);
                untilAll.recordValue(System.nanoTime() - start);
                count++;
            }
            return count;
        }

        private void awaitAll(int expectedEvents, int expectedReplies) throws IOException {
            events = 0;
            replies = 0;
            while (events < expectedEvents || replies < expectedReplies) {
                watchers.receive(true, this::take);
            }
            if (events != expectedEvents || replies != expectedReplies) {
                throw new IOException(events + " events and " + replies + " replies, not " + expectedEvents + " and "
                        + expectedReplies);
            }
        }

        private void take(SessionSocket socket, ByteBuffer frame) throws IOException {
            int xid = frame.getInt(0);
            int error = frame.getInt(RequestSource.HEADER_BYTES - 4);
            if (xid == WATCH_XID && error == 0) {
                replies++;
            } else if (xid == EVENT_XID
                    && frame.remaining() == eventBytes
                    && frame.getInt(RequestSource.HEADER_BYTES) == EventType.NodeDataChanged.getIntValue()) {
                events++;
                if (kind == Kind.ONE_SHOT) {
                    socket.send(arm);
                }
            } else {
                throw new IOException("unexpected frame with xid " + xid + " and error " + error);
            }
        }
    }
}
