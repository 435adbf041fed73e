package io.coord.verification.bench;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;

/** Creates and deletes numbered children ({@link Workload#child}) by the thousand: transactions of many, several outstanding. */
final class BulkChildren {
    private static final int SESSION_MS = 30_000;
    private static final int IN_A_MULTI = 100;
    private static final int WINDOW = 8;

    private BulkChildren() {}

    /** Creates the children 0 to count - 1; the root must be there and have no others. */
    static void create(int port, String root, long count, byte[] value) throws IOException {
        run(
                port,
                count,
                OpCode.create,
                number -> Operation.create(Workload.child(root, number), value, Operation.PERSISTENT));
        check(port, root, count);
    }

    /** As {@link #create}, each child by a request of its own and with a value of 100 bytes. */
    static void createSingly(int port, String root, long count, int window) throws IOException {
        run(port, Workload.CREATE.source(root, window), window, count);
        check(port, root, count);
    }

    /** Deletes the children 0 to count - 1; the root must have no others. */
    static void delete(int port, String root, long count) throws IOException {
        run(
                port,
                count,
                OpCode.delete,
                number -> Operation.delete(Workload.child(root, number), Operation.ANY_VERSION));
        check(port, root, 0);
    }

    private static void check(int port, String root, long expected) {
        try (RawSession session = RawSession.open(port, SESSION_MS)) {
            int children =
                    session.ok(Operation.exists(root, false)).into(new Stat()).getNumChildren();
            if (children != expected) {
                throw new IllegalStateException(root + " has " + children + " children, not " + expected);
            }
            session.endSession();
        }
    }

    private static void run(int port, long count, int opCode, LongFunction<Operation> operation) throws IOException {
        long transactions = (count + IN_A_MULTI - 1) / IN_A_MULTI;
        run(port, new Multis(count, opCode, operation), WINDOW, transactions);
    }

    private static void run(int port, RequestSource source, int window, long requests) throws IOException {
        try (LoadConnection connection = LoadConnection.open(port, SESSION_MS, source, window, new Histogram(1))) {
            while (connection.received() < requests) {
                connection.fill(requests);
                connection.drain();
            }
        }
    }

    private static final class Multis implements RequestSource {
        private static final int MULTI_HEADER_BYTES = 9;
        private static final int REQUEST_HEADER_BYTES = 12;

        private final long count;
        private final int opCode;
        private final LongFunction<Operation> operation;

        Multis(long count, int opCode, LongFunction<Operation> operation) {
            this.count = count;
            this.opCode = opCode;
            this.operation = operation;
        }

        @Override
        public void write(ByteBuffer out, int xid, long index) {
            int at = out.position();
            out.putInt(0).putInt(xid).putInt(OpCode.multi);
            long end = Math.min(count, (index + 1) * IN_A_MULTI);
            for (long i = index * IN_A_MULTI; i < end; i++) {
                out.putInt(opCode)
                        .put((byte) 0)
                        .putInt(-1)
                        .put(operation.apply(i).body());
            }
            out.putInt(-1).put((byte) 1).putInt(-1);
            out.putInt(at, out.position() - at - 4);
        }

        @Override
        public int longestRequestBytes() {
            return REQUEST_HEADER_BYTES
                    + MULTI_HEADER_BYTES
                    + IN_A_MULTI * (MULTI_HEADER_BYTES + operation.apply(count).body().length);
        }

        @Override
        public int longestReplyBytes() {
            return longestRequestBytes();
        }

        @Override
        public boolean isReply(long index, int error, ByteBuffer in, int at, int length) {
            return error == 0 && length > HEADER_BYTES && in.getInt(at + HEADER_BYTES) == opCode;
        }

        @Override
        public long effects(RawSession session, long acknowledged) {
            return acknowledged;
        }
    }
}
