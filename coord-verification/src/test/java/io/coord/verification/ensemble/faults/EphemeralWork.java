package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import io.coord.client.error.NodeExistsException;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import io.coord.verification.ensemble.faults.Tally.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Each client keeps an ephemeral znode: it is there for as long as the session lives, and those of ended sessions are gone in the
 * end.
 */
final class EphemeralWork implements Work {
    private static final int CLIENTS = 2;
    private static final String PARENT = "/ephemerals";

    private final Tally tally = new Tally();
    /** The session whose znode is known to be there; 0 for none. */
    private final long[] there = new long[CLIENTS];

    private final List<String> violations = new ArrayList<>();
    private int ended;

    @Override
    public String name() {
        return "ephemerals";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step(int number, CoordClient client) {
        long session = client.sessionId();
        if (session == 0) {
            return;
        }
        if (there[number] != session) {
            if (there[number] != 0) {
                noteEnded();
            }
            there[number] = 0;
            create(number, client, session);
            return;
        }
        Optional<Optional<Stat>> seen = tally.call(() ->
                        Optional.ofNullable(client.checkExists().afterSync().forPath(path(session))))
                .answer();
        // Told within that very session, so it had not ended.
        if (seen.isPresent() && client.sessionId() == session) {
            if (seen.get().isEmpty()) {
                note(path(session) + " is not there although its session lives");
            } else if (seen.get().get().ephemeralOwner() != session) {
                note(path(session) + " belongs to session "
                        + Long.toHexString(seen.get().get().ephemeralOwner()));
            }
        }
    }

    private static String path(long session) {
        return PARENT + "/s" + Long.toHexString(session);
    }

    private void create(int number, CoordClient client, long session) {
        Outcome<String> outcome = tally.call(() -> client.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(path(session)));
        boolean made = outcome.answer().isPresent()
                || outcome.failure()
                        .filter(NodeExistsException.class::isInstance)
                        .isPresent();
        if (made && client.sessionId() == session) {
            there[number] = session;
        }
    }

    private synchronized void note(String violation) {
        violations.add(violation);
    }

    private synchronized void noteEnded() {
        ended++;
    }

    /** How many sessions ended: each was out of reach for longer than its time-out. */
    synchronized int ended() {
        return ended;
    }

    @Override
    public synchronized List<String> violations(CoordClient client) {
        List<String> all = new ArrayList<>(violations);
        if (client.checkExists().forPath(PARENT) != null) {
            client.getChildren()
                    .forPath(PARENT)
                    .forEach(each -> all.add(PARENT + "/" + each
                            + " is there although all its clients were closed, and their time-outs are over"));
        }
        return all;
    }
}
