package io.coord.verification.durability;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes numbers to a znode of its own through one pipelined session, with a new child and a deleted one now and then, and
 * knows which zxid each acknowledged write has. One thread writes; others may look at any time.
 */
final class NumberedWriter implements Runnable {
    private static final int OUTSTANDING = 32;
    private static final int CHILD_EVERY = 10;

    private final String root;
    private final RawSession session;
    private final NavigableMap<Long, Long> valuesByZxid = new ConcurrentSkipListMap<>();
    private final Map<String, Long> created = new ConcurrentHashMap<>();
    private final Map<String, Long> deleted = new ConcurrentHashMap<>();
    private final AtomicLong lastZxid = new AtomicLong();
    private volatile boolean stopping;

    NumberedWriter(String root, RawSession session) {
        this.root = root;
        this.session = session;
        Frame reply = session.ok(Operation.create(root, AcknowledgedWrites.bytes(0), Operation.PERSISTENT));
        valuesByZxid.put(reply.zxid(), 0L);
    }

    String root() {
        return root;
    }

    /** By the zxids that wrote them. */
    NavigableMap<Long, Long> valuesByZxid() {
        return new TreeMap<>(valuesByZxid);
    }

    /** The zxids of their creation. */
    Map<String, Long> created() {
        return created;
    }

    /** The zxids of their end. */
    Map<String, Long> deleted() {
        return deleted;
    }

    /** Of the last acknowledged write. */
    long lastZxid() {
        return lastZxid.get();
    }

    void stop() {
        stopping = true;
    }

    private record Sent(int xid, long number, String path) {}

    @Override
    public void run() {
        Queue<Sent> underWay = new ArrayDeque<>();
        for (long n = 1; !stopping; n++) {
            underWay.add(send(n));
            if (underWay.size() == OUTSTANDING) {
                settle(underWay.remove());
            }
        }
        underWay.forEach(this::settle);
    }

    private Sent send(long n) {
        if (n % CHILD_EVERY == 0) {
            String path = root + '/' + n;
            return new Sent(session.send(Operation.create(path, null, Operation.PERSISTENT)), n, path);
        }
        if (n % CHILD_EVERY == 5 && n > 50 * CHILD_EVERY) {
            String path = root + '/' + (n - 5 - 40 * CHILD_EVERY);
            return new Sent(session.send(Operation.delete(path, -1)), n, path);
        }
        return new Sent(session.send(Operation.setData(root, AcknowledgedWrites.bytes(n), -1)), n, root);
    }

    private void settle(Sent sent) {
        Frame reply = session.awaitReply(sent.xid);
        if (reply.error() != 0) {
            throw new AssertionError(sent + ": " + reply);
        }
        if (sent.path.equals(root)) {
            valuesByZxid.put(reply.zxid(), sent.number);
        } else {
            (sent.number % CHILD_EVERY == 0 ? created : deleted).put(sent.path, reply.zxid());
        }
        lastZxid.set(reply.zxid());
    }
}
