package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.GetSaslRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.EmptyResponse;
import io.coord.protocol.response.SetSaslResponse;
import io.coord.protocol.response.SyncResponse;
import io.coord.server.internal.auth.SaslStep;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.runtime.OwnerCheck;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.watch.WatchRegistry;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
    private final CoordStateMachine state;
    private final WatchRegistry watches;
    private final Submissions submissions;
    private final AttachedSessions sessions;
    private final LocalRequests localRequests;
    private final CommittedCommands committed;
    private final Replicator replicator;
    private final LineLimit excesses;
    private final ZnodeReaper reaper;
    private final HeldBytes held = new HeldBytes();
    private final LongResponses longResponses;
    private final Backpressure backpressure;
    private final ServerMetrics metrics;
    private final RequestMetrics requestMetrics;
    private int connections;

    /** A sequencer whose metrics nobody sees. */
    public RequestSequencer(
            Clock clock,
            SessionRules rules,
            RequestRules requestRules,
            Limits limits,
            CoordStateMachine state,
            Replicator replicator,
            PasswordSource passwords,
            Listener listener) {
        this(clock, rules, requestRules, limits, state, replicator, passwords, listener, new ServerMetrics());
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
            ServerMetrics metrics) {
        this.clock = clock;
        this.requestRules = requestRules;
        this.metrics = metrics;
        this.requestMetrics = new RequestMetrics(metrics, clock);
        this.watches = new WatchRegistry(metrics);
        this.longResponses = new LongResponses(clock, metrics.refusedResponses);
        this.state = state;
        this.replicator = replicator;
        this.submissions = new Submissions(replicator);
        this.sessions =
                new AttachedSessions(state, submissions, replicator, clock, rules, passwords, metrics, requestMetrics);
        this.backpressure = new Backpressure(limits, held, submissions, sessions, metrics.throttleWaits);
        this.reaper = new ZnodeReaper(state, submissions, clock, sessions);
        this.localRequests = new LocalRequests(state, watches);
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
        this.committed =
                new CommittedCommands(state, watches, submissions, sessions, excesses, onLife, metrics, requestMetrics);
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
            turnAway(connection, xid);
            return;
        }
        switch (request.op()) {
            case PING -> {
                reply(connection, xid, state.lastZxid(), Answer.DONE, request);
                onAnswered(connection, request.op(), xid, requestMetrics.seenMs(), false);
            }
            case AUTH -> authenticate(connection, xid, (AuthPacket) request);
            case SASL -> onSaslToken(connection, xid, (GetSaslRequest) request);
            case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, DELETE, SET_DATA, SET_ACL, MULTI ->
                submitWrite(connection, xid, request, frameBytes);
            case CLOSE_SESSION -> submitClose(connection, xid, frameBytes);
            case CHECK -> onUnknownRequest(connection, xid);
            case RECONFIG -> onReconfig(connection, xid);
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
                    ADD_WATCH -> read(connection, xid, request, frameBytes);
        }
    }

    /** A request whose body cannot be decoded: an error in its turn, the connection stays. */
    public void onMalformedRequest(ClientConnection connection, int xid) {
        refuseInTurn(connection, xid, ErrorCode.MARSHALLING_ERROR, false);
    }

    /** An operation that no client may ask for: an error in its turn, then the connection is closed. */
    public void onUnknownRequest(ClientConnection connection, int xid) {
        refuseInTurn(connection, xid, ErrorCode.UNIMPLEMENTED, true);
    }

    private void refuseInTurn(ClientConnection connection, int xid, ErrorCode error, boolean closeAfter) {
        Answer refusal = Answer.refusal(error);
        answerInTurn(connection, QueuedRequest.answered(xid, refusal, closeAfter, requestMetrics.seenMs()));
    }

    /** A slow client has caught up. */
    public void onWritable(ClientConnection connection) {
        requestMetrics.onTurn();
        answerReady(connection);
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

    private void submitWrite(ClientConnection connection, int xid, Request request, int frameBytes) {
        Session session = connection.session;
        if (session == null) {
            throw new IllegalStateException("a request before its session");
        }
        int most = connection.outbound.maxResponseBytes();
        if (LongResponses.mayExceed(request, frameBytes, most)) {
            longResponses.onRefused(connection, request, LongResponses.mostBytesOf(request), most);
            onMalformedRequest(connection, xid);
            return;
        }
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, request.op(), requestMetrics.seenMs());
        enqueue(connection, queued);
        submissions.submit(
                new Command.Write(
                        clock.wallMs(),
                        session.id(),
                        session.attachment(),
                        connection.ids(),
                        requestRules.writes(),
                        request),
                new ClientWrite(connection, queued) {
                    @Override
                    void onUnknownFate() {
                        sessions.onUnknownWrite(session, request);
                    }
                });
        backpressure.pauseAtLimit(connection);
    }

    private void submitClose(ClientConnection connection, int xid, int frameBytes) {
        Session session = connection.session;
        if (session == null) {
            throw new IllegalStateException("a request before its session");
        }
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, OpCode.CLOSE_SESSION, requestMetrics.seenMs());
        queued.closeAfter = true;
        enqueue(connection, queued);
        connection.outbound.setReading(false);
        submissions.submit(
                new Command.CloseSession(clock.wallMs(), session.id(), session.attachment(), false),
                new ClientWrite(connection, queued) {
                    @Override
                    void onUnknownFate() {
                        sessions.onUnknownEnd(session);
                    }
                });
    }

    private void read(ClientConnection connection, int xid, Request request, int frameBytes) {
        if (connection.queue.isEmpty()) {
            answerLocally(connection, xid, request, requestMetrics.seenMs());
        } else {
            answerInTurn(connection, QueuedRequest.read(xid, frameBytes, request, requestMetrics.seenMs()));
        }
    }

    /** What other servers have committed by now is applied here, too, when it comes back. */
    private void submitBarrier(ClientConnection connection, int xid, SyncRequest request, int frameBytes) {
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, OpCode.SYNC, requestMetrics.seenMs());
        enqueue(connection, queued);
        submissions.submit(new Command.Barrier(clock.wallMs()), new ClientWrite(connection, queued) {
            @Override
            public void onApplied(Effects effects) {
                super.onApplied(effects.answeredWith(new SyncResponse(request.path())));
            }

            @Override
            void onUnknownFate() {
                // It has changed nothing in any case.
            }
        });
        backpressure.pauseAtLimit(connection);
    }

    /** Who syncs takes it that its own earlier writes show, or were not done: not to be said while the log may belie it. */
    private void sync(ClientConnection connection, int xid, Request request, int frameBytes) {
        Session session = connection.session;
        if (session != null && sessions.hasUndecidedWrites(session)) {
            metrics.throttledOps.increment();
            refuseInTurn(connection, xid, ErrorCode.THROTTLED_OP, false);
        } else if (replicator.isShared()) {
            submitBarrier(connection, xid, (SyncRequest) request, frameBytes);
        } else {
            read(connection, xid, request, frameBytes);
        }
    }

    /** A read changes nothing that others see. So when it fails, even for want of memory, it ends its own connection only. */
    private void answerLocally(ClientConnection connection, int xid, Request request, long arrivedMs) {
        Answer answer;
        try {
            answer = localRequests.answer(connection, request);
        } catch (RuntimeException | OutOfMemoryError e) {
            cut(connection);
            LOG.error("{} is closed: a {} of it failed", connection, request.op(), e);
            return;
        }
        reply(connection, xid, state.lastZxid(), answer, request);
        requestMetrics.onRead(request, answer.response());
        onAnswered(connection, request.op(), xid, arrivedMs, false);
    }

    private void onAnswered(ClientConnection connection, OpCode op, int xid, long arrivedMs, boolean isUpdate) {
        requestMetrics.onAnswered(connection, op, xid, state.lastZxid(), arrivedMs, isUpdate);
    }

    private void answerInTurn(ClientConnection connection, QueuedRequest queued) {
        enqueue(connection, queued);
        answerReady(connection);
    }

    private void enqueue(ClientConnection connection, QueuedRequest queued) {
        connection.queue.add(queued);
        backpressure.pauseAtLimit(connection);
    }

    private void authenticate(ClientConnection connection, int xid, AuthPacket packet) {
        if (connection.identities.add(packet.scheme(), packet.auth())) {
            connection.outbound.reply(xid, 0, ErrorCode.OK, EmptyResponse.INSTANCE);
        } else {
            refuseAuthentication(connection, xid);
        }
    }

    private void onSaslToken(ClientConnection connection, int xid, GetSaslRequest request) {
        SaslStep step = connection.identities.onSaslToken(request.token());
        if (step.isAccepted()) {
            connection.outbound.reply(xid, 0, ErrorCode.OK, new SetSaslResponse(step.token()));
        } else {
            refuseAuthentication(connection, xid);
        }
    }

    private void refuseAuthentication(ClientConnection connection, int xid) {
        metrics.authFailures.increment();
        LOG.info("Authentication failed for {}", connection);
        connection.outbound.reply(xid, 0, ErrorCode.AUTH_FAILED, null);
        closeAfterReplies(connection);
    }

    /** Who it is must be known here, and is not. */
    private static void turnAway(ClientConnection connection, int xid) {
        LOG.info("{} has not authenticated by any scheme that is required", connection);
        connection.outbound.reply(xid, 0, ErrorCode.SESSION_CLOSED_REQUIRES_SASL_AUTH, null);
        closeAfterReplies(connection);
    }

    /** There is no ensemble that could be changed; and, as in ZooKeeper, that it is disabled comes first. */
    private void onReconfig(ClientConnection connection, int xid) {
        ErrorCode error = requestRules.reconfigEnabled() ? ErrorCode.UNIMPLEMENTED : ErrorCode.RECONFIG_DISABLED;
        refuseInTurn(connection, xid, error, false);
    }

    /** Answers from the front of the queue for as long as there is an answer, or a read that may be done now. */
    private void answerReady(ClientConnection connection) {
        connection.repliesWait = false;
        while (!connection.isOver()) {
            QueuedRequest queued = connection.queue.peek();
            if (queued == null || !queued.isReady()) {
                break;
            }
            Request read = queued.read;
            if (read != null && connection.outbound.isFull()) {
                connection.repliesWait = true;
                break;
            }
            connection.queue.remove();
            Answer answer = queued.answer;
            if (read != null) {
                answerLocally(connection, queued.xid, read, queued.arrivedMs);
            } else if (answer != null) {
                reply(connection, queued.xid, zxidFor(connection, queued), answer, null);
                if (queued.op != null) {
                    onAnswered(connection, queued.op, queued.xid, queued.arrivedMs, true);
                }
            }
            if (queued.closeAfter) {
                closeAfterReplies(connection);
            }
        }
        backpressure.resumeBelowLimit(connection);
    }

    private long zxidFor(ClientConnection connection, QueuedRequest queued) {
        return queued.zxid == 0 ? state.lastZxid() : Math.max(queued.zxid, connection.lastZxidSent);
    }

    /** @param read what is answered; null when it is a write, whose response was seen to be short enough beforehand */
    private void reply(ClientConnection connection, int xid, long zxid, Answer answer, @Nullable Request read) {
        connection.lastZxidSent = zxid;
        long tooLong = connection.outbound.reply(xid, zxid, answer.error(), answer.response());
        if (tooLong == 0) {
            return;
        }
        if (read == null) {
            cut(connection);
            LOG.error("{} is closed: the response to its write has {} bytes, more than foreseen", connection, tooLong);
            return;
        }
        // A watch that the read has armed stays armed: another read may have armed it, too.
        longResponses.onRefused(connection, read, tooLong, connection.outbound.maxResponseBytes());
        connection.outbound.reply(xid, zxid, ErrorCode.MARSHALLING_ERROR, null);
    }

    private static void closeAfterReplies(ClientConnection connection) {
        connection.phase = ClientConnection.Phase.ENDING;
        connection.queue.clear();
        connection.outbound.closeAfterReplies();
    }

    /** At once, and without a further word to the client. */
    private static void cut(ClientConnection connection) {
        connection.phase = ClientConnection.Phase.ENDING;
        connection.queue.clear();
        connection.outbound.close();
    }

    /** A write of a client, or the end of its session. */
    private abstract class ClientWrite implements Submission {
        private final ClientConnection connection;
        private final QueuedRequest queued;

        ClientWrite(ClientConnection connection, QueuedRequest queued) {
            this.connection = connection;
            this.queued = queued;
        }

        @Override
        public void onApplied(Effects effects) {
            connection.queue.onSettled(queued);
            if (connection.isOver()) {
                return;
            }
            if (effects.answer().error() == ErrorCode.SESSION_MOVED) {
                // The client is elsewhere by now; an answer here would only confuse it (ZOOKEEPER-710).
                connection.outbound.close();
                return;
            }
            queued.answer = effects.answer();
            queued.zxid = effects.zxid();
            answerReady(connection);
        }

        @Override
        public void onRefused(String reason) {
            connection.queue.onSettled(queued);
            metrics.throttledOps.increment();
            LOG.debug("A request of {} was refused: {}", connection, reason);
            queued.answer = Answer.refusal(ErrorCode.THROTTLED_OP);
            boolean wasClosing = queued.closeAfter;
            queued.closeAfter = false;
            answerReady(connection);
            if (wasClosing && !connection.paused && !connection.isOver()) {
                // The session goes on, so its requests count again.
                connection.outbound.setReading(true);
            }
        }

        @Override
        public void onUnknown(String reason) {
            connection.queue.onSettled(queued);
            onUnknownFate();
            connection.outbound.close();
        }

        abstract void onUnknownFate();
    }
}
