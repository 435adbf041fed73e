package io.coord.verification.bench;

import io.coord.verification.bench.Meter.Usage;
import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;

/** Sessions that are opened and closed again at once, 50 at a time, each with a connection of its own. */
final class ConnectBenchmark {
    static final String TITLE = "connect + close, 50 at once";

    private static final int AT_ONCE = 50;
    private static final int SESSION_MS = 30_000;
    private static final int CLOSE_XID = 1;
    private static final int HANDSHAKE_REPLY_BYTES = 37;
    private static final double CPU_BAR = 0.4;

    private final BenchmarkOptions options;
    private final FigureTable table;

    ConnectBenchmark(BenchmarkOptions options, FigureTable table) {
        this.options = options;
        this.table = table;
    }

    void run(ServerPair pair) throws Exception {
        measure(pair.zooKeeper(), options.warmUp());
        measure(pair.coord(), options.warmUp());
        WarmUp.run(() -> measure(pair.zooKeeper(), options.measured()).usage().compileShare());
        WarmUp.run(() -> measure(pair.coord(), options.measured()).usage().compileShare());
        Ratios cpu = new Ratios();
        Ratios rate = new Ratios();
        for (int i = 0; i < options.rounds(); i++) {
            Round<Cycles> round = ServerPair.round(
                    i,
                    () -> measure(pair.zooKeeper(), options.measured()),
                    () -> measure(pair.coord(), options.measured()));
            cpu.add(round.peer().cpuMicros(), round.ours().cpuMicros());
            rate.add(round.peer().perSecond(), round.ours().perSecond());
        }
        table.row(TITLE, "CPU us", cpu, Bar.atMost(Bar.CPU, CPU_BAR));
        table.row("", "sessions/s", rate);
    }

    private static Cycles measure(ServerProcess server, Duration measured) throws IOException {
        try (Cycler cycler = new Cycler(server.port())) {
            for (int i = 0; i < AT_ONCE; i++) {
                cycler.begin();
            }
            cycler.runFor(measured.dividedBy(4));
            Meter meter = Meter.start(server);
            long count = cycler.runFor(measured);
            Cycles cycles = new Cycles(count, meter.stop());
            cycler.finish();
            return cycles;
        }
    }

    private record Cycles(long count, Usage usage) {
        double cpuMicros() {
            return usage.cpuNanos() / 1e3 / count;
        }

        double perSecond() {
            return count / usage.seconds();
        }
    }

    /** A cycle ends when the server has closed the connection, which it does after it answered closeSession. */
    private static final class Cycler implements AutoCloseable {
        private final int port;
        private final Selector selector = Selector.open();
        private final ByteBuffer handshake = LoadConnection.handshake(SESSION_MS);
        private final ByteBuffer closeSession = SessionCrowd.frame(CLOSE_XID, Operation.closeSession());
        private boolean finishing;
        private long ended;

        Cycler(int port) throws IOException {
            this.port = port;
        }

        void begin() throws IOException {
            SessionSocket socket = SessionSocket.connect(port, selector);
            if (socket.isConnected()) {
                socket.send(handshake);
            }
        }

        long runFor(Duration duration) throws IOException {
            long before = ended;
            long end = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() - end < 0) {
                turn();
            }
            return ended - before;
        }

        void finish() throws IOException {
            finishing = true;
            while (!selector.keys().isEmpty()) {
                turn();
            }
        }

        private void turn() throws IOException {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                SessionSocket socket = (SessionSocket) key.attachment();
                if (key.isConnectable()) {
                    socket.finishConnect(key);
                    socket.send(handshake);
                } else if (socket.read()) {
                    take(socket);
                } else {
                    socket.close();
                    ended++;
                    if (!finishing) {
                        begin();
                    }
                }
            }
            selector.selectedKeys().clear();
            if (finishing) {
                selector.selectNow();
            }
        }

        private void take(SessionSocket socket) throws IOException {
            ByteBuffer frame = socket.poll();
            if (frame == null) {
                return;
            }
            if (frame.remaining() == HANDSHAKE_REPLY_BYTES) {
                socket.send(closeSession);
            } else if (frame.remaining() != RequestSource.HEADER_BYTES || frame.getInt(0) != CLOSE_XID) {
                throw new IOException("unexpected frame of " + frame.remaining() + " bytes");
            }
        }

        @Override
        public void close() throws IOException {
            for (SelectionKey each : selector.keys()) {
                each.channel().close();
            }
            selector.close();
        }
    }
}
