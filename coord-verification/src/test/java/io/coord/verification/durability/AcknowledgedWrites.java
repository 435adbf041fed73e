package io.coord.verification.durability;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;

/**
 * Writes through one pipelined session until the connection breaks, and keeps what was acknowledged: creates, deletes,
 * numbered values of one znode, pairs made by a multi. One thread writes; others look when it has ended.
 */
final class AcknowledgedWrites implements Runnable {
    private static final int OUTSTANDING = 64;
    /** So small a state is saved often. */
    private static final int KEPT = 100;

    private final String root;
    private final AtomicLong total;
    private final Set<String> created = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private final Set<String> unknown = new HashSet<>();
    private final Map<Integer, Runnable> onAcknowledged = new HashMap<>();
    private RawSession session;
    private long lastValue;
    private long lastAcknowledgedValue;
    private long lastZxid;
    private long number;

    AcknowledgedWrites(String root, RawSession session, AtomicLong total) {
        this.root = root;
        this.session = session;
        this.total = total;
        session.ok(Operation.create(root, bytes(0), Operation.PERSISTENT));
    }

    String root() {
        return root;
    }

    Set<String> created() {
        return created;
    }

    Set<String> deleted() {
        return deleted;
    }

    /** Of these nobody can say: their request was under way when the server was killed. */
    Set<String> unknown() {
        return unknown;
    }

    long lastAcknowledgedValue() {
        return lastAcknowledgedValue;
    }

    long lastValueSent() {
        return lastValue;
    }

    long lastZxid() {
        return lastZxid;
    }

    void goOnWith(RawSession next) {
        session = next;
    }

    @Override
    public void run() {
        onAcknowledged.clear();
        Queue<Integer> underWay = new ArrayDeque<>();
        try {
            while (true) {
                while (underWay.size() < OUTSTANDING) {
                    underWay.add(sendNext());
                }
                Frame reply = session.awaitReply(underWay.remove());
                if (reply.error() != 0) {
                    throw new AssertionError(reply);
                }
                lastZxid = reply.zxid();
                Runnable note = onAcknowledged.remove(reply.xid());
                if (note != null) {
                    note.run();
                }
                total.incrementAndGet();
            }
        } catch (UncheckedIOException killed) {
            session.close();
        }
    }

    private int sendNext() {
        long n = ++number;
        String path = root + "/" + n;
        switch ((int) (n % 5)) {
            case 0 -> {
                unknown.add(path);
                return send(Operation.create(path, bytes(n), Operation.PERSISTENT), () -> known(path, created));
            }
            case 1 -> {
                lastValue = n;
                return send(Operation.setData(root, bytes(n), -1), () -> lastAcknowledgedValue = n);
            }
            case 2 -> {
                unknown.add(path + "-a");
                unknown.add(path + "-b");
                Operation pair = Operation.multi(
                        Op.create(path + "-a", bytes(n), Ids.OPEN_ACL_UNSAFE, Operation.PERSISTENT),
                        Op.create(path + "-b", bytes(n), Ids.OPEN_ACL_UNSAFE, Operation.PERSISTENT));
                return send(pair, () -> {
                    known(path + "-a", created);
                    known(path + "-b", created);
                });
            }
            default -> {
                String victim = created.size() < KEPT
                        ? null
                        : created.stream().findAny().orElse(null);
                return victim == null ? send(Operation.sync(root), () -> {}) : sendDelete(victim);
            }
        }
    }

    /** A pair goes as it came. */
    private int sendDelete(String victim) {
        created.remove(victim);
        unknown.add(victim);
        if (victim.indexOf('-', root.length()) < 0) {
            return send(Operation.delete(victim, -1), () -> known(victim, deleted));
        }
        String stem = victim.substring(0, victim.length() - 1);
        String twin = stem + (victim.endsWith("a") ? "b" : "a");
        created.remove(twin);
        unknown.add(twin);
        return send(Operation.multi(Op.delete(victim, -1), Op.delete(twin, -1)), () -> {
            known(victim, deleted);
            known(twin, deleted);
        });
    }

    private void known(String path, Set<String> where) {
        unknown.remove(path);
        where.add(path);
    }

    private int send(Operation operation, Runnable whenAcknowledged) {
        int xid = session.send(operation);
        onAcknowledged.put(xid, whenAcknowledged);
        return xid;
    }

    static byte[] bytes(long value) {
        return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }
}
