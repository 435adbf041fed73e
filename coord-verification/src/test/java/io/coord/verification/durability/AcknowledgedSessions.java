package io.coord.verification.durability;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens sessions, each with an ephemeral znode, and ends most of them, until the server is killed. Keeps what was
 * acknowledged. One thread works; others look when it has ended.
 */
final class AcknowledgedSessions implements Runnable {
    private static final int MOST_LEFT = 20;

    private final int port;
    private final String prefix;
    private final AtomicLong total;
    /** Ephemerals whose sessions live, and whose creation was acknowledged. */
    private final Map<String, RawSession> living = new HashMap<>();
    /** Those whose session's end was acknowledged. */
    private final Set<String> ended = new HashSet<>();

    private final List<RawSession> open = new ArrayList<>();

    AcknowledgedSessions(int port, String prefix, AtomicLong total) {
        this.port = port;
        this.prefix = prefix;
        this.total = total;
    }

    Map<String, RawSession> living() {
        return living;
    }

    Set<String> ended() {
        return ended;
    }

    @Override
    public void run() {
        try {
            for (int n = 0; ; n++) {
                String path = prefix + n;
                RawSession session = RawSession.open(port);
                open.add(session);
                session.ok(Operation.create(path, null, Operation.EPHEMERAL));
                living.put(path, session);
                total.addAndGet(2);
                if (n % 4 != 0 || living.size() > MOST_LEFT) {
                    living.remove(path);
                    session.endSession();
                    open.remove(session);
                    ended.add(path);
                    total.incrementAndGet();
                }
            }
        } catch (UncheckedIOException killed) {
            open.forEach(RawSession::close);
        }
    }
}
