package io.coord.verification.bench;

import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.ConnectRequest;

/** Loads a server for a while through some connections, on one thread. */
final class LoadGenerator {
    private static final int SESSION_MS = 30_000;
    private static final int HANDSHAKE_REPLY_BYTES = 41;

    private LoadGenerator() {}

    /**
     * What a load met.
     *
     * @param cpuMicrosPerOp of the server's process, user and system
     */
    record Result(double opsPerSecond, double cpuMicrosPerOp, double p50Micros, double p99Micros) {}

    static Result run(
            ServerProcess server, Workload workload, int connections, int window, Duration warmUp, Duration measured)
            throws IOException {
        String root = "/bench-" + System.nanoTime();
        try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
            session.ok(Operation.create(root, new byte[100], Operation.PERSISTENT));
            for (int i = 0; i < connections; i++) {
                session.ok(Operation.create(root + "/" + i, new byte[100], Operation.PERSISTENT));
            }
            session.endSession();
        }
        Histogram latencies = new Histogram(3);
        List<LoadConnection> all = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                all.add(new LoadConnection(open(server.port()), workload, root + "/" + i, window, latencies));
            }
            if (connections == 1) {
                return measure(server, all, () -> turn(all.get(0)), warmUp, measured, latencies);
            }
            try (Selector selector = Selector.open()) {
                for (LoadConnection each : all) {
                    each.channel().configureBlocking(false);
                    each.channel().register(selector, SelectionKey.OP_READ, each);
                    each.fill();
                }
                return measure(server, all, () -> turn(selector), warmUp, measured, latencies);
            }
        } finally {
            for (LoadConnection each : all) {
                each.channel().close();
            }
            checkEffects(server, workload, all);
        }
    }

    /** What was acknowledged must have happened, or the figures are worth nothing. */
    private static void checkEffects(ServerProcess server, Workload workload, List<LoadConnection> all) {
        try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
            for (LoadConnection each : all) {
                Stat stat = session.ok(Operation.exists(each.root(), false)).into(new Stat());
                long effects =
                        switch (workload) {
                            case SET_DATA -> stat.getVersion();
                            case CREATE -> stat.getNumChildren();
                            case GET_DATA -> each.received();
                        };
                if (effects < each.received() || effects > each.sent()) {
                    throw new IllegalStateException(each.received() + " of " + each.sent() + " " + workload.title()
                            + " acknowledged, " + effects + " done");
                }
            }
            session.endSession();
        }
    }

    private static Result measure(
            ServerProcess server,
            List<LoadConnection> all,
            Turn turn,
            Duration warmUp,
            Duration measured,
            Histogram latencies)
            throws IOException {
        runFor(warmUp, turn);
        long opsBefore = total(all);
        Duration cpuBefore = server.cpuTime();
        long start = System.nanoTime();
        all.forEach(each -> each.setRecording(true));
        runFor(measured, turn);
        long nanos = System.nanoTime() - start;
        long ops = total(all) - opsBefore;
        Duration cpu = server.cpuTime().minus(cpuBefore);
        return new Result(
                ops * 1e9 / nanos,
                cpu.toNanos() / 1e3 / ops,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3);
    }

    private static void runFor(Duration duration, Turn turn) throws IOException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            turn.run();
        }
    }

    private static void turn(LoadConnection connection) throws IOException {
        connection.fill();
        connection.drain();
    }

    private static void turn(Selector selector) throws IOException {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
            LoadConnection connection = (LoadConnection) key.attachment();
            connection.drain();
            connection.fill();
        }
        selector.selectedKeys().clear();
    }

    private static long total(List<LoadConnection> all) {
        return all.stream().mapToLong(LoadConnection::received).sum();
    }

    private static SocketChannel open(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        byte[] handshake = RawConnection.encode(new ConnectRequest(0, 0, SESSION_MS, 0, new byte[16], false));
        channel.write(ByteBuffer.allocate(4 + handshake.length)
                .putInt(handshake.length)
                .put(handshake)
                .flip());
        ByteBuffer reply = ByteBuffer.allocate(HANDSHAKE_REPLY_BYTES);
        while (reply.hasRemaining()) {
            if (channel.read(reply) < 0) {
                throw new IOException("closed during the handshake");
            }
        }
        return channel;
    }

    /** One round of reading and writing. */
    private interface Turn {
        void run() throws IOException;
    }
}
