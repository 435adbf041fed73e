package io.coord.server.internal.pipeline;

import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.response.ConnectResponse;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionExpiry;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connection holds which session, and the ways a session begins, moves to another connection and ends. All of them are
 * commands: nothing here takes effect before its commit.
 */
final class AttachedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(AttachedSessions.class);
    private static final byte[] NO_PASSWORD = new byte[Session.PASSWORD_BYTES];

    private final CoordStateMachine state;
    private final Submissions submissions;
    private final Clock clock;
    private final SessionRules rules;
    private final PasswordSource passwords;
    private final SessionExpiry expiry;
    private final Map<Long, ClientConnection> holders = new HashMap<>();
    private boolean deciding;

    AttachedSessions(
            CoordStateMachine state,
            Submissions submissions,
            Clock clock,
            SessionRules rules,
            PasswordSource passwords) {
        this.state = state;
        this.submissions = submissions;
        this.clock = clock;
        this.rules = rules;
        this.passwords = passwords;
        this.expiry = new SessionExpiry(rules.tickMs(), clock.monotonicMs(), this::proposeExpiry);
    }

    /** From now on it is this server that decides who was silent too long; each session gets its full time-out. */
    void startDeciding() {
        deciding = true;
        long now = clock.monotonicMs();
        for (Session each : state.sessions().all()) {
            expiry.track(each.id(), each.timeoutMs(), now);
        }
    }

    void onTick() {
        expiry.onTick(clock.monotonicMs());
    }

    long untilNextTickMs() {
        return expiry.untilNextTickMs(clock.monotonicMs());
    }

    void touch(ClientConnection connection) {
        SessionExpiry.Deadline deadline = connection.deadline;
        if (deadline != null) {
            expiry.touch(deadline, clock.monotonicMs());
        }
    }

    void onConnectRequest(ClientConnection connection, ConnectRequest request) {
        byte[] shown = request.passwd() == null ? NO_PASSWORD : request.passwd();
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

    /** A session was opened or attached, here or elsewhere: a connection that held it before holds it no more. */
    void onOpened(Session session) {
        if (deciding) {
            expiry.track(session.id(), session.timeoutMs(), clock.monotonicMs());
        }
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
        ClientConnection holder = holders.remove(session.id());
        if (holder != null) {
            end(holder);
            holder.outbound.closeAfterReplies();
        }
    }

    void onDisconnected(ClientConnection connection) {
        Session session = connection.session;
        if (session != null) {
            holders.remove(session.id(), connection);
        }
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
        if (session != null && holder != null && holder.paused) {
            // It is we who do not listen. What the client said meanwhile waits in its socket.
            watch(session);
        } else if (session != null) {
            LOG.info("{} was silent for longer than its time-out of {} ms", session, session.timeoutMs());
            proposeEnd(session, new Expiry(session));
        }
    }

    /** From now on with its full time-out. */
    private void watch(Session session) {
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
        connection.phase = ClientConnection.Phase.SERVING;
        connection.session = session;
        connection.deadline = expiry.track(session.id(), session.timeoutMs(), clock.monotonicMs());
        holders.put(session.id(), connection);
        connection.outbound.connected(
                new ConnectResponse(0, session.timeoutMs(), session.id(), session.password(), readOnlyFlag(request)));
        connection.outbound.setReading(true);
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
                LOG.info(
                        "Session 0x{} is unknown or the password is wrong; the client is told that it has expired",
                        Long.toHexString(request.sessionId()));
                refuse(connection, request);
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
