package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.GetSaslRequest;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SyncRequest;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.runtime.OwnerCheck;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.watch.WatchRegistry;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of a session: its requests take effect, and are answered, in the order in which they came. A write goes to the
 * replicator and is answered when it is applied; a read is answered at once unless writes of its own session are still under
 * way, never because of another's. Pings and addauth are answered out of turn, as clients expect: a slow disk must not cost
 * a session.
 *
 * <p>Everything here runs on the owner thread; the ways in check it.
 */
public final class RequestSequencer {
    /** Told about the life of the server. */
    public interface Listener {
        /** Recovery is over: let clients in. */
        void onReady();

        /**
         * Nothing can be written any more: each write is refused with an error from now on; reads and pings go on. Who does
         * not say otherwise treats it as the end.
         */
        default void onLogFailed(Throwable cause) {
            onFailed(cause);
        }

        /** Nothing can go on. */
        void onFailed(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(RequestSequencer.class);

    private final OwnerCheck owner = new OwnerCheck();
    private final Clock clock;
    private final RequestRules requestRules;
    private final WatchRegistry watches;
    private final Submissions submissions;
    private final AttachedSessions sessions;
    private final CommittedCommands committed;
    private final Replicator replicator;
    private final LineLimit excesses;
    private final ZnodeReaper reaper;
    private final HeldBytes held = new HeldBytes();
    private final Backpressure backpressure;
    private final ServerMetrics metrics;
    private final RequestMetrics requestMetrics;
    private final AnswersInTurn answers;
    private final ClientWrites writes;
    private final ClientAuthentication authentication;
    private int connections;

    /** A sequencer whose metrics nobody sees, and that leaves no record. */
    public RequestSequencer(
            Clock clock,
            SessionRules rules,
            RequestRules requestRules,
            Limits limits,
            CoordStateMachine state,
            Replicator replicator,
            PasswordSource passwords,
            Listener listener) {
        this(
                clock,
                rules,
                requestRules,
                limits,
                state,
                replicator,
                passwords,
                listener,
                new ServerMetrics(),
                AuditTrail.NONE);
    }

    public RequestSequencer(
            Clock clock,
            SessionRules rules,
            RequestRules requestRules,
            Limits limits,
            CoordStateMachine state,
            Replicator replicator,
            PasswordSource passwords,
            Listener listener,
            ServerMetrics metrics,
            AuditTrail audit) {
        this.clock = clock;
        this.requestRules = requestRules;
        this.metrics = metrics;
        this.requestMetrics = new RequestMetrics(metrics, clock);
        this.watches = new WatchRegistry(metrics);
        LongResponses longResponses = new LongResponses(clock, metrics.refusedResponses);
        this.replicator = replicator;
        this.submissions = new Submissions(replicator);
        this.sessions =
                new AttachedSessions(state, submissions, replicator, clock, rules, passwords, metrics, requestMetrics);
        this.backpressure = new Backpressure(limits, held, submissions, sessions, metrics.throttleWaits);
        this.reaper = new ZnodeReaper(state, submissions, clock, sessions);
        this.answers = new AnswersInTurn(
                state, new LocalRequests(state, watches), longResponses, backpressure, requestMetrics);
        this.writes = new ClientWrites(
                clock,
                requestRules,
                submissions,
                sessions,
                longResponses,
                backpressure,
                answers,
                requestMetrics,
                metrics.throttledOps,
                audit);
        this.authentication = new ClientAuthentication(metrics.authFailures, audit);
        this.excesses = new LineLimit(LOG, "writes beyond a quota", clock);
        CommittedCommands.Listener onLife = new CommittedCommands.Listener() {
            @Override
            public void onReady() {
                listener.onReady();
            }

            @Override
            public void onLogFailed(Throwable cause) {
                listener.onLogFailed(cause);
            }

            @Override
            public void onFailed(Throwable cause) {
                listener.onFailed(cause);
            }

            @Override
            public void onBatchEnd() {
                backpressure.resumeWaiting();
            }
        };
        this.committed = new CommittedCommands(
                state,
                watches,
                submissions,
                replicator,
                writes,
                sessions,
                excesses,
                onLife,
                metrics,
                requestMetrics,
                audit);
    }

    /** What the replicator drives. */
    public ReplicatedState replicatedState() {
        return committed;
    }

    /** @param address of the peer, the text of its {@code ip} identity */
    public ClientConnection onConnected(Outbound outbound, String address) {
        owner.check();
        connections++;
        return new ClientConnection(
                outbound, requestRules.authentication().identitiesAt(address), held, clock.wallMs());
    }

    /**
     * A client has shown who it is when its connection was encrypted; to be called before its first frame.
     *
     * @param certificate its own, trusted by whoever made the connection
     */
    public void onCertificate(ClientConnection connection, X509Certificate certificate) {
        owner.check();
        connection.identities.addCertificate(certificate);
    }

    public void onDisconnected(ClientConnection connection) {
        owner.check();
        connections--;
        connection.phase = ClientConnection.Phase.CLOSED;
        connection.queue.clear();
        watches.removeAll(connection.watches);
        sessions.onDisconnected(connection);
        backpressure.resumeWaiting();
    }

    /** Frames of a connection are about to be handed over. Once for all that came together. */
    public void onInput() {
        requestMetrics.onTurn();
    }

    /** What came was no connect request but a word of an operator, which is answered elsewhere: nothing more counts. */
    public void onWord(ClientConnection connection) {
        owner.check();
        connection.phase = ClientConnection.Phase.ENDING;
    }

    /** Something came from the client: its session is alive. Once for all that came together. */
    public void onActivity(ClientConnection connection) {
        sessions.touch(connection);
    }

    public void onConnectRequest(ClientConnection connection, ConnectRequest request) {
        owner.check();
        metrics.connectionRequests.increment();
        sessions.onConnectRequest(connection, request);
    }

    /**
     * Whether a request whose frame has this size may be handed over now; if not, it stays in the socket, and reading is
     * resumed when it may.
     */
    public boolean takes(ClientConnection connection, int frameBytes) {
        return backpressure.takes(connection, frameBytes);
    }

    /** @param frameBytes what the request takes on the wire */
    public void onRequest(ClientConnection connection, int xid, Request request, int frameBytes) {
        owner.check();
        if (!connection.identities.isAdmitted() && request.op() != OpCode.AUTH && request.op() != OpCode.SASL) {
            authentication.turnAway(connection, xid);
            return;
        }
        switch (request.op()) {
            case PING -> answers.onPing(connection, xid, request);
            case AUTH -> authentication.onProof(connection, xid, (AuthPacket) request);
            case SASL -> authentication.onSaslToken(connection, xid, (GetSaslRequest) request);
            case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, DELETE, SET_DATA, SET_ACL, MULTI ->
                writes.submit(connection, xid, request, frameBytes);
            case CLOSE_SESSION -> writes.submitClose(connection, xid, frameBytes);
            case CHECK -> onUnknownRequest(connection, xid);
            case RECONFIG -> onReconfig(connection, xid, (ReconfigRequest) request, frameBytes);
            case SYNC -> sync(connection, xid, request, frameBytes);
            case EXISTS,
                    GET_DATA,
                    GET_ACL,
                    GET_CHILDREN,
                    GET_CHILDREN2,
                    GET_ALL_CHILDREN_NUMBER,
                    GET_EPHEMERALS,
                    MULTI_READ,
                    CHECK_WATCHES,
                    REMOVE_WATCHES,
                    WHO_AM_I,
                    SET_WATCHES,
                    SET_WATCHES2,
                    ADD_WATCH -> answers.onRead(connection, xid, request, frameBytes);
        }
    }

    /** A request whose body cannot be decoded: an error in its turn, the connection stays. */
    public void onMalformedRequest(ClientConnection connection, int xid) {
        answers.refuse(connection, xid, ErrorCode.MARSHALLING_ERROR, false);
    }

    /** An operation that no client may ask for: an error in its turn, then the connection is closed. */
    public void onUnknownRequest(ClientConnection connection, int xid) {
        answers.refuse(connection, xid, ErrorCode.UNIMPLEMENTED, true);
    }

    /** A slow client has caught up. */
    public void onWritable(ClientConnection connection) {
        requestMetrics.onTurn();
        answers.answerReady(connection);
        backpressure.resumeWaiting();
    }

    /** To be called when {@link #untilNextTickMs} have passed. */
    public void onTick() {
        owner.check();
        metrics.onTick(clock.monotonicMs());
        sessions.onTick();
        excesses.onTick();
    }

    public long untilNextTickMs() {
        return sessions.untilNextTickMs();
    }

    /**
     * Proposes to remove containers, and znodes whose time to live is over; called at an interval.
     *
     * @param maxNeverUsedMs for how long a container may wait for its first child; 0 for ever
     */
    public void onContainerCheck(long maxNeverUsedMs) {
        owner.check();
        reaper.onCheck(maxNeverUsedMs);
    }

    /**
     * Ends a session as if it had been silent for too long.
     *
     * @param done told whether it was this that ended the session
     */
    public void expireSession(long sessionId, Consumer<Boolean> done) {
        owner.check();
        Session session = sessions.get(sessionId);
        if (session == null) {
            done.accept(false);
            return;
        }
        sessions.proposeEnd(session, new Submission() {
            @Override
            public void onApplied(Effects effects) {
                done.accept(effects.closed() != null);
            }

            @Override
            public void onRefused(String reason) {
                done.accept(false);
            }

            @Override
            public void onUnknown(String reason) {
                sessions.onUnknownEnd(session);
                done.accept(false);
            }
        });
    }

    /** Requests so far that got an error because their response would have been too long. */
    public long refusedResponses() {
        return metrics.refusedResponses.total();
    }

    /** Of this server's connections. To be looked at only. */
    public WatchRegistry watches() {
        return watches;
    }

    /** When each session expires if nothing is heard of it; only where this server decides about that. */
    public SortedMap<Long, List<Long>> expiryTimes() {
        return sessions.expiryTimes();
    }

    /** Numbers for monitoring. */
    public Load load() {
        return new Load(connections, watches.size(), submissions.outstanding(), held.requests(), held.sum());
    }

    /**
     * @param watches a path counted for each connection that watches it
     * @param outstanding commands submitted and not committed yet
     * @param waitingRequests those without an answer yet, reads behind writes among them
     * @param heldBytes frames of all requests that wait, in bytes
     */
    public record Load(int connections, int watches, int outstanding, int waitingRequests, long heldBytes) {}

    /** Who syncs takes it that its own earlier writes show, or were not done: not to be said while the log may belie it. */
    private void sync(ClientConnection connection, int xid, Request request, int frameBytes) {
        Session session = connection.session;
        if (session != null && sessions.hasUndecidedWrites(session)) {
            metrics.throttledOps.increment();
            answers.refuse(connection, xid, ErrorCode.THROTTLED_OP, false);
        } else if (replicator.isShared()) {
            writes.submitBarrier(connection, xid, (SyncRequest) request, frameBytes);
        } else {
            answers.onRead(connection, xid, request, frameBytes);
        }
    }

    /** A single server has no ensemble that could be changed; and, as in ZooKeeper, that it is disabled comes first. */
    private void onReconfig(ClientConnection connection, int xid, ReconfigRequest request, int frameBytes) {
        if (requestRules.reconfigEnabled() && replicator.isShared()) {
            writes.submitReconfig(connection, xid, request, frameBytes);
        } else {
            ErrorCode error = requestRules.reconfigEnabled() ? ErrorCode.UNIMPLEMENTED : ErrorCode.RECONFIG_DISABLED;
            answers.refuse(connection, xid, error, false);
        }
    }
}
