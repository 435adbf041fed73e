package io.coord.verification.bench;

import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Thousands of sessions that only ping, on both servers at the same time. */
final class IdleSessionsBenchmark {
    static final String TITLE = "idle sessions";

    private static final int SESSIONS = 5000;
    private static final int SESSION_MS = 12_000;
    private static final int PING_EVERY_MS = SESSION_MS / 3;
    private static final int PING_XID = -2;
    private static final double HEAP_BAR_BYTES = 1024;
    private static final double CPU_BAR = 0.3;

    private final BenchmarkOptions options;
    private final FigureTable table;

    IdleSessionsBenchmark(BenchmarkOptions options, FigureTable table) {
        this.options = options;
        this.table = table;
    }

    void run(ServerPair pair) throws Exception {
        long zooKeeperHeap = pair.zooKeeper().liveHeapBytes();
        long coordHeap = pair.coord().liveHeapBytes();
        try (SessionCrowd zooKeeper = SessionCrowd.open(pair.zooKeeper(), SESSIONS, SESSION_MS);
                SessionCrowd coord = SessionCrowd.open(pair.coord(), SESSIONS, SESSION_MS)) {
            Pings pings = new Pings(zooKeeper, coord);
            pings.runFor(Duration.ofMillis(PING_EVERY_MS));
            pings.runFor(options.warmUp());
            Ratios cpu = new Ratios();
            for (int i = 0; i < options.rounds(); i++) {
                Duration zooKeeperCpu = pair.zooKeeper().cpuTime();
                Duration coordCpu = pair.coord().cpuTime();
                long nanos = pings.runFor(Duration.ofMillis(PING_EVERY_MS));
                cpu.add(percent(pair.zooKeeper(), zooKeeperCpu, nanos), percent(pair.coord(), coordCpu, nanos));
            }
            Ratios heap = new Ratios();
            heap.add(
                    (double) (pair.zooKeeper().liveHeapBytes() - zooKeeperHeap) / SESSIONS,
                    (double) (pair.coord().liveHeapBytes() - coordHeap) / SESSIONS);
            String title = SESSIONS + " " + TITLE + ", a ping each " + PING_EVERY_MS + " ms";
            table.row(title, "CPU, % of a processor", cpu, Bar.atMost(Bar.CPU, CPU_BAR));
            table.absoluteRow("", "heap bytes a session", heap, Bar.atMost("bytes", HEAP_BAR_BYTES));
        }
    }

    private static double percent(ServerProcess server, Duration before, long nanos) {
        return 100.0 * server.cpuTime().minus(before).toNanos() / nanos;
    }

    /** Evenly spread, so that neither server can answer many at once. */
    private static final class Pings {
        private static final ByteBuffer PING = SessionCrowd.frame(PING_XID, Operation.ping());
        private static final long NANOS_BETWEEN =
                Duration.ofMillis(PING_EVERY_MS).toNanos() / SESSIONS;

        private final SessionCrowd zooKeeper;
        private final SessionCrowd coord;
        private long sent;
        private long answered;

        Pings(SessionCrowd zooKeeper, SessionCrowd coord) {
            this.zooKeeper = zooKeeper;
            this.coord = coord;
        }

        long runFor(Duration duration) throws IOException {
            long start = System.nanoTime();
            long next = start;
            while (next - start < duration.toNanos()) {
                if (System.nanoTime() - next >= 0) {
                    zooKeeper.sockets().get((int) (sent % SESSIONS)).send(PING);
                    coord.sockets().get((int) (sent % SESSIONS)).send(PING);
                    sent++;
                    next += NANOS_BETWEEN;
                }
                receive(false);
            }
            while (answered < 2 * sent) {
                receive(false);
            }
            return System.nanoTime() - start;
        }

        private void receive(boolean wait) throws IOException {
            zooKeeper.receive(wait, this::take);
            coord.receive(wait, this::take);
        }

        private void take(SessionSocket socket, ByteBuffer frame) throws IOException {
            if (frame.remaining() != RequestSource.HEADER_BYTES || frame.getInt(0) != PING_XID) {
                throw new IOException("unexpected frame of " + frame.remaining() + " bytes");
            }
            answered++;
        }
    }
}
