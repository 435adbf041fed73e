package io.coord.verification.simulation.invariant;

import io.coord.server.internal.replication.Role;
import io.coord.server.internal.session.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** G16 and G17: time as a leader knows it, and as everybody knows it when nothing was in the way. */
final class NoSessionExpiresEarly extends Invariant {
    /** Clocks of processes differ by up to one in a hundred each; milliseconds are cut. */
    private static final double SKEW = 0.975;

    private final long tickNs;
    private final Map<Long, Session> sessions = new HashMap<>();
    private final Set<Long> told = new HashSet<>();
    private final Map<Integer, Long> leadingSince = new HashMap<>();
    private final Map<Integer, Map<Long, Long>> known = new HashMap<>();
    private final Map<Long, Long> contacts = new HashMap<>();
    private long disturbedNs;

    NoSessionExpiresEarly(int tickMs) {
        super(
                "only a leader ends a session, and only after a full time-out without a sign of life, its own time included");
        this.tickNs = TimeUnit.MILLISECONDS.toNanos(tickMs);
    }

    @Override
    protected void onApplied(Commit commit) {
        Session opened = commit.effects().opened();
        if (opened != null) {
            sessions.put(opened.id(), opened);
        }
    }

    @Override
    protected void onRole(int server, Role role, long nowNs) {
        known.remove(server);
        if (role == Role.LEADER) {
            leadingSince.put(server, nowNs);
        } else {
            leadingSince.remove(server);
        }
    }

    @Override
    protected void onContact(int server, long sessionId, long nowNs) {
        if (sessionId != 0) {
            known.computeIfAbsent(server, any -> new HashMap<>()).merge(sessionId, nowNs, Math::max);
            contacts.merge(sessionId, nowNs, Math::max);
        }
    }

    @Override
    protected void onTouched(int server, long[] sessionIds, long nowNs) {
        for (long each : sessionIds) {
            known.computeIfAbsent(server, any -> new HashMap<>()).put(each, nowNs);
        }
    }

    @Override
    protected void onDisturbance(long nowNs) {
        disturbedNs = nowNs;
    }

    @Override
    protected void onConnected(int client, long sessionId) {
        told.add(sessionId);
    }

    @Override
    protected void onExpiryProposed(int server, long sessionId, long nowNs) {
        Session session = sessions.get(sessionId);
        if (session == null || !contacts.containsKey(sessionId)) {
            // Its client was gone before it could be told of it.
            return;
        }
        long timeoutNs = (long) (TimeUnit.MILLISECONDS.toNanos(session.timeoutMs()) * SKEW);
        Long since = leadingSince.get(server);
        require(since != null, "server %d ends session 0x%x and is no leader", server, sessionId);
        check(server, sessionId, "leads", since, nowNs, timeoutNs);
        Long heard = known.getOrDefault(server, Map.of()).get(sessionId);
        if (heard != null) {
            check(server, sessionId, "has heard of it", heard, nowNs, timeoutNs);
        }
        boolean calm = nowNs - disturbedNs > 3 * timeoutNs;
        long contact = contacts.get(sessionId);
        if (calm && nowNs - contact > tickNs) {
            check(server, sessionId, "could have heard of it", contact, nowNs, timeoutNs);
        }
    }

    private void check(int server, long sessionId, String what, long sinceNs, long nowNs, long timeoutNs) {
        require(
                nowNs - sinceNs >= timeoutNs,
                "server %d ends session 0x%x but %s since %d ms only, of %d",
                server,
                sessionId,
                what,
                TimeUnit.NANOSECONDS.toMillis(nowNs - sinceNs),
                TimeUnit.NANOSECONDS.toMillis(timeoutNs));
    }
}
