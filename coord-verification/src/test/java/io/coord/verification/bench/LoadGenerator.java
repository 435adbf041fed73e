package io.coord.verification.bench;

import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Loads a server for a while through some connections, on the calling thread. */
final class LoadGenerator implements AutoCloseable {
    private static final int SESSION_MS = 30_000;
    private static final int NANOS_A_SECOND = 1_000_000_000;
    private static final Duration SETTLING = Duration.ofMillis(50);
    private static final int MOST_OUTSTANDING = 1 << 15;

    private final ServerProcess server;
    private final Workload workload;
    private final List<String> roots = new ArrayList<>();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Histogram latencies = new Histogram(3);
    private final Selector selector = Selector.open();

    private LoadGenerator(ServerProcess server, Workload workload) throws IOException {
        this.server = server;
        this.workload = workload;
    }

    /** A closed loop: a request follows when a reply has come. */
    static LoadResult closedLoop(
            ServerProcess server, Workload workload, Shape shape, Duration warmUp, Duration measured)
            throws IOException {
        try (LoadGenerator load = new LoadGenerator(server, workload)) {
            load.open(shape);
            Turn turn = shape.connections() == 1 ? load::turnOfOne : load::turnOfMany;
            load.startClosedLoop(shape);
            runFor(warmUp, turn);
            LoadResult result = load.measure(measured, turn);
            load.finish();
            return result;
        }
    }

    /**
     * An open loop: requests are due at fixed moments, whether or not the server keeps up, and a latency counts from there.
     *
     * @param ratePerSecond of all connections together
     */
    static LoadResult openLoop(
            ServerProcess server,
            Workload workload,
            int connections,
            double ratePerSecond,
            Duration warmUp,
            Duration measured)
            throws IOException {
        try (LoadGenerator load = new LoadGenerator(server, workload)) {
            load.open(new Shape(connections, MOST_OUTSTANDING));
            load.register();
            Turn turn = load.new Schedule(ratePerSecond)::turn;
            runFor(warmUp, turn);
            LoadResult result = load.measure(measured, turn);
            // A stall at the end must not go unrecorded: what is still outstanding counts too.
            load.setRecording(true);
            load.finish();
            return result;
        }
    }

    private void open(Shape shape) throws IOException {
        String top = "/bench-" + System.nanoTime();
        try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
            session.ok(Operation.create(top, Workload.VALUE, Operation.PERSISTENT));
            for (int i = 0; i < shape.connections(); i++) {
                String root = top + "/" + i;
                RequestSource source = workload.source(root, shape.window());
                session.ok(Operation.create(root, Workload.VALUE, Operation.PERSISTENT));
                source.prepare(session);
                roots.add(root);
                connections.add(LoadConnection.open(server.port(), SESSION_MS, source, shape.window(), latencies));
            }
            session.endSession();
        }
    }

    private void startClosedLoop(Shape shape) throws IOException {
        if (shape.connections() > 1) {
            register();
            for (LoadConnection each : connections) {
                each.fill();
            }
        }
    }

    private void register() throws IOException {
        for (LoadConnection each : connections) {
            each.channel().configureBlocking(false);
            each.channel().register(selector, SelectionKey.OP_READ, each);
        }
    }

    private LoadResult measure(Duration measured, Turn turn) throws IOException {
        Meter meter = Meter.start(server);
        long opsBefore = received();
        // The meter has just asked the server, and meanwhile nothing was sent: that delay is not the server's.
        runFor(SETTLING, turn);
        setRecording(true);
        runFor(measured, turn);
        long ops = received() - opsBefore;
        setRecording(false);
        return new LoadResult(ops, meter.stop(), latencies);
    }

    private void setRecording(boolean record) {
        connections.forEach(each -> each.setRecording(record));
    }

    private static void runFor(Duration duration, Turn turn) throws IOException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            turn.run();
        }
    }

    private void turnOfOne() throws IOException {
        connections.get(0).fill();
        connections.get(0).drain();
    }

    private void turnOfMany() throws IOException {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
            LoadConnection connection = (LoadConnection) key.attachment();
            connection.drain();
            connection.fill();
        }
        selector.selectedKeys().clear();
    }

    private long received() {
        return connections.stream().mapToLong(LoadConnection::received).sum();
    }

    /** What was acknowledged must have happened, no less and no more. */
    private void finish() throws IOException {
        selector.close();
        for (LoadConnection each : connections) {
            each.finish();
        }
        try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
            for (LoadConnection each : connections) {
                long effects = each.source().effects(session, each.received());
                if (effects != each.received()) {
                    throw new IOException(
                            each.received() + " " + workload.title() + " acknowledged, " + effects + " done");
                }
            }
            session.endSession();
        }
        if (workload == Workload.CREATE) {
            for (int i = 0; i < roots.size(); i++) {
                BulkChildren.delete(
                        server.port(), roots.get(i), connections.get(i).received());
            }
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (LoadConnection each : connections) {
            each.close();
        }
    }

    /** One round of reading and writing. */
    private interface Turn {
        void run() throws IOException;
    }

    /** When the requests of an open loop are due; the connections take turns. */
    private final class Schedule {
        private final double nanosBetween;
        private final long start = System.nanoTime();
        private final OwnPauses pauses = new OwnPauses();
        private long scheduled;

        Schedule(double ratePerSecond) {
            this.nanosBetween = NANOS_A_SECOND / ratePerSecond;
        }

        void turn() throws IOException {
            long now = System.nanoTime();
            pauses.look(now);
            for (LoadConnection each : connections) {
                each.setPaused(pauses.sum());
            }
            for (long due = due(); due - now <= 0; due = due()) {
                connections.get((int) (scheduled % connections.size())).append(due, pauses.sumUntil(due));
                scheduled++;
            }
            for (LoadConnection each : connections) {
                each.flush();
            }
            selector.selectNow();
            for (SelectionKey key : selector.selectedKeys()) {
                ((LoadConnection) key.attachment()).drain();
            }
            selector.selectedKeys().clear();
        }

        private long due() {
            return start + (long) (scheduled * nanosBetween);
        }
    }
}
