package io.coord.server.internal.pipeline;

import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.ConnectResponse;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionExpiry;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connection holds which session, and the ways a session begins, moves to another connection and ends. All of them are
 * commands: nothing here takes effect before its commit. Only when the log has failed does a session move without one.
 */
final class AttachedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(AttachedSessions.class);
    private static final byte[] NO_PASSWORD = new byte[Session.PASSWORD_BYTES];
    /** A sign of life is reported twice, since a report may be lost; the leader notices when more than one in a row is. */
    private static final int REPORTS = 2;

    private static final int NOBODY = -1;

    private final CoordStateMachine state;
    private final Submissions submissions;
    private final Clock clock;
    private final SessionRules rules;
    private final PasswordSource passwords;
    private final Replicator replicator;
    private final LineLimit expiries;
    private final Map<Long, ClientConnection> holders = new HashMap<>();
    private final UndecidedSessions undecided;
    private final ServerMetrics metrics;
    private final RequestMetrics requestMetrics;
    private Role role = Role.LOOKING;
    private boolean logFailed;
    /** The leader's; anew with each term. */
    private SessionExpiry expiry;
    /** The leader's: which follower reported a session last, and when each of them reported at all. */
    private final Map<Long, Integer> reporters = new HashMap<>();

    private final Map<Integer, Long> lastReportsMs = new HashMap<>();
    /** A follower's. */
    private long nextReportMs;
    /** A follower's: sessions that were heard of and lost their connection since, as {@link ClientConnection#reportsLeft}. */
    private final Map<Long, Integer> departed = new HashMap<>();

    private long nextLookMs;

    AttachedSessions(
            CoordStateMachine state,
            Submissions submissions,
            Replicator replicator,
            Clock clock,
            SessionRules rules,
            PasswordSource passwords,
            ServerMetrics metrics,
            RequestMetrics requestMetrics) {
        this.state = state;
        this.metrics = metrics;
        this.requestMetrics = requestMetrics;
        this.submissions = submissions;
        this.replicator = replicator;
        this.clock = clock;
        this.rules = rules;
        this.passwords = passwords;
        this.undecided = new UndecidedSessions(state);
        this.expiries = new LineLimit(LOG, "sessions that were silent for longer than their time-out", clock);
        this.expiry = new SessionExpiry(rules.tickMs(), clock.monotonicMs(), this::proposeExpiry);
    }

    void onRoleChanged(Role next) {
        role = next;
        undecided.clear();
        reporters.clear();
        lastReportsMs.clear();
        departed.clear();
        expiry = new SessionExpiry(rules.tickMs(), clock.monotonicMs(), this::proposeExpiry);
        for (ClientConnection each : holders.values()) {
            each.deadline = null;
            each.reportsLeft = REPORTS;
        }
        switch (next) {
            case LEADER -> state.sessions().all().forEach(this::watch);
            case FOLLOWER -> nextReportMs = clock.monotonicMs();
            case LOOKING -> disconnectAll();
        }
    }

    /** Nothing is committed any more: what is applied stays as it is. */
    void onLogFailed() {
        logFailed = true;
        for (long each : undecided.keptOut()) {
            ClientConnection holder = holders.remove(each);
            if (holder != null) {
                end(holder);
                holder.outbound.close();
            }
        }
    }

    /** The fate of a session's write is unknown. */
    void onUnknownWrite(Session session, Request request) {
        undecided.onWrite(session, request);
    }

    /** Nobody knows whether the log has the end of a session. */
    void onUnknownEnd(Session session) {
        undecided.onEnd(session);
    }

    /** Whether the log has failed and may have writes of a session that no state here shows. */
    boolean hasUndecidedWrites(Session session) {
        return logFailed && undecided.isUndecided(session);
    }

    /** Whether it is this server that proposes what nobody asked for. */
    boolean isDeciding() {
        return role == Role.LEADER;
    }

    /** Nobody can be served from here. Clients keep their sessions and go on elsewhere. */
    void disconnectAll() {
        List<ClientConnection> serving = new ArrayList<>(holders.values());
        holders.clear();
        for (ClientConnection each : serving) {
            end(each);
            each.outbound.close();
        }
    }

    void onTick() {
        expiries.onTick();
        long now = clock.monotonicMs();
        if (now >= nextLookMs) {
            nextLookMs = now + reportIntervalMs();
            touchSlowTakers();
        }
        switch (role) {
            case LEADER -> expiry.onTick(now);
            case FOLLOWER -> {
                if (now >= nextReportMs) {
                    nextReportMs = now + reportIntervalMs();
                    report();
                }
            }
            case LOOKING -> {}
        }
    }

    /** A client whose pings cannot be read because it is slow is alive for as long as bytes leave. */
    private void touchSlowTakers() {
        for (ClientConnection each : holders.values()) {
            if (each.hasTakenReplies()) {
                touch(each);
            }
        }
    }

    long untilNextTickMs() {
        long now = clock.monotonicMs();
        return role == Role.FOLLOWER ? Math.max(1, nextReportMs - now) : expiry.untilNextTickMs(now);
    }

    /** As often as ZooKeeper's followers: a leader learns of a sign of life with no more than this delay. */
    private long reportIntervalMs() {
        return Math.max(1, rules.tickMs() / 2);
    }

    private void report() {
        long[] touched = new long[holders.size() + departed.size()];
        int count = 0;
        for (Map.Entry<Long, ClientConnection> each : holders.entrySet()) {
            ClientConnection holder = each.getValue();
            // When it is we who do not listen, the client is not to suffer for it.
            if (holder.reportsLeft > 0 || holder.isHeldBack()) {
                holder.reportsLeft = Math.max(0, holder.reportsLeft - 1);
                touched[count++] = each.getKey();
            }
        }
        for (long each : departed.keySet()) {
            touched[count++] = each;
        }
        departed.replaceAll((session, left) -> left - 1);
        departed.values().removeIf(left -> left == 0);
        replicator.tellLeader(Arrays.copyOf(touched, count));
    }

    void touch(ClientConnection connection) {
        SessionExpiry.Deadline deadline = connection.deadline;
        if (deadline != null) {
            expiry.touch(deadline, clock.monotonicMs());
        } else {
            connection.reportsLeft = REPORTS;
        }
    }

    /** Clients of another server. */
    void onTouched(int follower, long[] sessionIds) {
        if (role == Role.LEADER) {
            long now = clock.monotonicMs();
            Long lastMs = lastReportsMs.put(follower, now);
            if (lastMs != null && isOverdue(lastMs, now)) {
                touchAllOf(follower, now);
            }
            for (long each : sessionIds) {
                expiry.touch(each, now);
                reporters.put(each, follower);
            }
        }
    }

    /** More of a follower's reports were lost than its next one makes up for: nobody knows whom it has heard of. */
    private void touchAllOf(int follower, long now) {
        for (Session each : state.sessions().all()) {
            if (!holders.containsKey(each.id()) && reporters.getOrDefault(each.id(), follower) == follower) {
                expiry.touch(each.id(), now);
            }
        }
    }

    private boolean isOverdue(long lastReportMs, long now) {
        return now - lastReportMs > (2 * REPORTS + 1) * reportIntervalMs() / 2;
    }

    /**
     * Whether a session's client may have been heard of by a follower that could not report it any more: it was cut off, and
     * notices that only a moment later. True once for each time that it was reported or attached.
     */
    private boolean mayHaveBeenHeardOf(Session session) {
        long now = clock.monotonicMs();
        Integer reporter = reporters.get(session.id());
        boolean possible = false;
        for (Map.Entry<Integer, Long> each : lastReportsMs.entrySet()) {
            // Whoever is silent for longer has noticed.
            possible |= (reporter == null || reporter.equals(each.getKey()))
                    && isOverdue(each.getValue(), now)
                    && now - each.getValue() <= 2L * session.timeoutMs();
        }
        if (possible) {
            reporters.put(session.id(), NOBODY);
        }
        return possible;
    }

    void onConnectRequest(ClientConnection connection, ConnectRequest request) {
        connection.connectSeenMs = requestMetrics.seenMs();
        byte[] shown = request.passwd() == null ? NO_PASSWORD : request.passwd();
        if (role == Role.LOOKING) {
            metrics.connectionsNotServed.increment();
            connection.outbound.close();
            return;
        }
        if (request.sessionId() != 0) {
            metrics.connectionsRevalidated.increment();
        }
        if (request.lastZxidSeen() > state.lastZxid()) {
            LOG.info(
                    "A client has seen zxid 0x{}, this server is at 0x{}: sent away to find a newer one",
                    Long.toHexString(request.lastZxidSeen()),
                    Long.toHexString(state.lastZxid()));
            connection.outbound.close();
            return;
        }
        if (request.sessionId() != 0 && shown.length != Session.PASSWORD_BYTES) {
            // No state can make it right, so it is not worth an entry in the log, least of all one as long as it is.
            refuse(connection, request);
            return;
        }
        if (logFailed) {
            attachWithoutLog(connection, request, shown);
            return;
        }
        connection.phase = ClientConnection.Phase.ATTACHING;
        connection.outbound.setReading(false);
        int timeoutMs = rules.clamp(request.timeoutMs());
        Command command;
        if (request.sessionId() == 0) {
            command = new Command.CreateSession(clock.wallMs(), timeoutMs, passwords.next());
        } else {
            command = new Command.AttachSession(clock.wallMs(), request.sessionId(), timeoutMs, shown);
        }
        submissions.submit(command, new Opening(connection, request));
    }

    /**
     * All of the state is durable, and no command changes it any more: neither a write through an earlier connection, which
     * the number of the attachment would have to keep out, nor the end of the session. So nothing needs to be logged.
     */
    private void attachWithoutLog(ClientConnection connection, ConnectRequest request, byte[] shown) {
        if (request.sessionId() == 0 || undecided.keptOut().contains(request.sessionId())) {
            connection.outbound.close();
            return;
        }
        Session session = state.sessions().find(request.sessionId(), shown);
        if (session == null) {
            refuseUnknown(connection, request);
        } else {
            onOpened(session);
            serve(connection, session, request);
        }
    }

    /** A session was opened or attached, here or elsewhere: a connection that held it before holds it no more. */
    void onOpened(Session session) {
        watch(session);
        reporters.remove(session.id());
        departed.remove(session.id());
        ClientConnection before = holders.remove(session.id());
        if (before != null) {
            LOG.info("{} has moved to another connection", session);
            end(before);
            before.outbound.close();
        }
    }

    /** A session has ended. Its connection goes, too; the client learns of an expiry when it comes back. */
    void onClosed(Session session) {
        expiry.forget(session.id());
        reporters.remove(session.id());
        departed.remove(session.id());
        ClientConnection holder = holders.remove(session.id());
        if (holder != null) {
            end(holder);
            holder.outbound.closeAfterReplies();
        }
    }

    void onDisconnected(ClientConnection connection) {
        Session session = connection.session;
        if (session != null) {
            if (holders.remove(session.id(), connection) && role == Role.FOLLOWER && connection.reportsLeft > 0) {
                departed.put(session.id(), connection.reportsLeft);
            }
        }
    }

    /** Ordered by the monotonic millisecond from which on a session counts as silent for too long. */
    SortedMap<Long, List<Long>> expiryTimes() {
        return expiry.dueTimes();
    }

    @Nullable
    Session get(long sessionId) {
        return state.sessions().get(sessionId);
    }

    /** Proposes the end of a session whose client did not ask for it. */
    void proposeEnd(Session session, Submission submission) {
        submissions.submit(
                new Command.CloseSession(clock.wallMs(), session.id(), session.attachment(), true), submission);
    }

    private void proposeExpiry(long sessionId) {
        Session session = state.sessions().get(sessionId);
        ClientConnection holder = holders.get(sessionId);
        if (session != null && holder != null && holder.isHeldBack()) {
            watch(session);
        } else if (session != null && holder == null && mayHaveBeenHeardOf(session)) {
            watch(session);
        } else if (session != null) {
            if (expiries.permits()) {
                LOG.info("{} was silent for longer than its time-out of {} ms", session, session.timeoutMs());
            } else {
                LOG.debug("{} was silent for longer than its time-out of {} ms", session, session.timeoutMs());
            }
            metrics.staleSessionsExpired.increment();
            proposeEnd(session, new Expiry(session));
        }
    }

    /** Where this server decides about it: from now on with its full time-out. */
    private void watch(Session session) {
        if (role != Role.LEADER) {
            return;
        }
        SessionExpiry.Deadline deadline = expiry.track(session.id(), session.timeoutMs(), clock.monotonicMs());
        ClientConnection holder = holders.get(session.id());
        if (holder != null) {
            holder.deadline = deadline;
        }
    }

    private static void end(ClientConnection connection) {
        connection.phase = ClientConnection.Phase.ENDING;
        connection.queue.clear();
    }

    private void serve(ClientConnection connection, Session session, ConnectRequest request) {
        if (role == Role.LOOKING) {
            end(connection);
            connection.outbound.close();
            return;
        }
        connection.phase = ClientConnection.Phase.SERVING;
        connection.session = session;
        connection.reportsLeft = REPORTS;
        holders.put(session.id(), connection);
        watch(session);
        connection.outbound.connected(
                new ConnectResponse(0, session.timeoutMs(), session.id(), session.password(), readOnlyFlag(request)));
        requestMetrics.onAnswered(connection, null, 0, state.lastZxid(), connection.connectSeenMs, true);
        connection.outbound.setReading(true);
    }

    private static void refuseUnknown(ClientConnection connection, ConnectRequest request) {
        LOG.info(
                "Session 0x{} is unknown or the password is wrong; the client is told that it has expired",
                Long.toHexString(request.sessionId()));
        refuse(connection, request);
    }

    private static void refuse(ClientConnection connection, ConnectRequest request) {
        end(connection);
        connection.outbound.connected(new ConnectResponse(0, 0, 0, NO_PASSWORD, readOnlyFlag(request)));
        connection.outbound.closeAfterReplies();
    }

    /** Old clients send no flag and choke on one. */
    private static @Nullable Boolean readOnlyFlag(ConnectRequest request) {
        return request.readOnly() == null ? null : Boolean.FALSE;
    }

    /** A connection waits for its session. */
    private final class Opening implements Submission {
        private final ClientConnection connection;
        private final ConnectRequest request;

        Opening(ClientConnection connection, ConnectRequest request) {
            this.connection = connection;
            this.request = request;
        }

        @Override
        public void onApplied(Effects effects) {
            Session session = effects.opened();
            if (connection.isOver()) {
                if (session != null && request.sessionId() == 0) {
                    // Nobody knows of it, so nobody will come back to it.
                    proposeEnd(session, new Expiry(session));
                }
            } else if (session == null) {
                refuseUnknown(connection, request);
            } else {
                serve(connection, session, request);
            }
        }

        @Override
        public void onRefused(String reason) {
            connection.outbound.close();
        }

        @Override
        public void onUnknown(String reason) {
            undecided.onAttachment(request.sessionId(), rules.clamp(request.timeoutMs()));
            connection.outbound.close();
        }
    }

    /** Proposed by this server. When it does not come to pass the session is watched over again. */
    private final class Expiry implements Submission {
        private final Session session;

        Expiry(Session session) {
            this.session = session;
        }

        @Override
        public void onApplied(Effects effects) {}

        @Override
        public void onRefused(String reason) {
            watchAgain();
        }

        @Override
        public void onUnknown(String reason) {
            undecided.onEnd(session);
            watchAgain();
        }

        private void watchAgain() {
            Session current = state.sessions().get(session.id());
            if (current != null) {
                watch(current);
            }
        }
    }
}
