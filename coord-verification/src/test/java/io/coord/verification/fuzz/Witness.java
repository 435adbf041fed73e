package io.coord.verification.fuzz;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.GetDataResponse;

/**
 * A well-behaved client beside the bad ones. Each time it is asked, it writes, reads what it wrote, gets the event of its own
 * write through a persistent watch, and finds its ephemeral znode. Its znodes are closed to strangers.
 */
final class Witness implements AutoCloseable {
    private static final String DATA = "/witness";
    private static final String EPHEMERAL = "/witness-ephemeral";
    private static final int TIMEOUT_MS = 20_000;
    private static final int PERSISTENT_WATCH = 0;
    private static final byte[] SECRET = "witness:a secret".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final RawSession session;
    private long count;

    Witness(int port) {
        session = RawSession.open(port, TIMEOUT_MS);
        require(session.authenticate("digest", SECRET).error() == 0, "authentication");
        List<ACL> mine = List.of(new ACL(Perms.ALL, new Id("auth", "")));
        session.ok(Operation.create(DATA, new byte[0], mine, Operation.PERSISTENT));
        session.ok(Operation.create(EPHEMERAL, new byte[0], mine, Operation.EPHEMERAL));
        // Strangers may create below the root, and delete none of this.
        session.ok(Operation.setAcl(
                "/",
                List.of(
                        new ACL(Perms.READ | Perms.CREATE | Perms.WRITE, new Id("world", "anyone")),
                        new ACL(Perms.ALL, new Id("auth", ""))),
                -1));
        session.ok(Operation.addWatch(DATA, PERSISTENT_WATCH));
    }

    /** One round trip. */
    void sees() {
        byte[] written = ByteBuffer.allocate(Long.BYTES).putLong(++count).array();
        int write = session.send(Operation.setData(DATA, written, -1));
        int read = session.send(Operation.getData(DATA, false));
        int look = session.send(Operation.exists(EPHEMERAL, false));
        Frame event = session.receive();
        require(
                event.isEvent() && event.event().equals("NodeDataChanged " + DATA),
                "the event before the reply: " + event);
        require(session.awaitReply(write).error() == 0, "its write");
        byte[] seen = session.awaitReply(read).into(new GetDataResponse()).getData();
        require(Arrays.equals(seen, written), "what it wrote");
        require(session.awaitReply(look).error() == 0, "its ephemeral");
        require(session.takeFrames().isEmpty(), "no other event");
    }

    private static void require(boolean isTrue, String what) {
        if (!isTrue) {
            throw new AssertionError("the witness misses " + what);
        }
    }

    /** Ends its session, so that nothing of it is left. */
    void end() {
        session.endSession();
    }

    /** Drops its connection; its session may have expired by then. */
    @Override
    public void close() {
        session.close();
    }
}
