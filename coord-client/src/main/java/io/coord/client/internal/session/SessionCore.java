package io.coord.client.internal.session;

import io.coord.client.error.AuthFailedException;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.SessionLostException;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchRegistry;
import io.coord.client.internal.watch.WatchWithdrawal;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.data.EventType;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A session from the first attempt to connect to its close: which server, when to ping, when to give a connection up, when
 * the session is over, what to send again. No network, no threads, no clock, no randomness of its own: each event comes
 * with the time, what is to be done goes to {@link SessionPort}. Owned by the network thread.
 *
 * <p>Every event of a connection carries its number; an event of an earlier connection changes nothing.
 *
 * <p>After the events of one turn, {@link #endTurn} sends what waits, and {@link #nextWakeUpNs} says when {@link #onTick} is
 * due.
 */
public final class SessionCore {
    /** What {@link #nextWakeUpNs} answers when only an event can change anything. */
    public static final long NEVER = DeadlineWheel.NEVER;

    private static final long SHORTEST_ATTEMPT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** A tick that comes this late says that this process stood still, not that the server is silent. */
    private static final long LATE_TICK_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** How long {@code close} lets calls finish when nothing else is said. */
    static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(2);
    /** How long it then waits for the server to confirm the end of the session. */
    static final long CLOSE_ANSWER_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long CLOSING_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final String CREDENTIALS_REFUSED = "the server refused the credentials";

    private enum Phase {
        NEW,
        WAITING,
        CONNECTING,
        HANDSHAKING,
        /** There is a session; the server is shown who the client is. */
        AUTHENTICATING,
        ESTABLISHED,
        CLOSED
    }

    private final SessionSettings settings;
    /** Presented on each connection. */
    private final List<AuthPacket> credentials;

    private final SessionPort port;
    private final ServerRotation servers;
    private final WatchRegistry watches;
    private final PendingCalls calls;
    private final SessionWatches sessionWatches;
    private final Replies replies;
    private final Liveness liveness = new Liveness();
    private final SaslSteps sasl;

    private Phase phase = Phase.NEW;
    private SessionState state = SessionState.CONNECTING;
    private int connection;
    private ServerAddress server;
    private long retryAtNs;
    private @Nullable String lastFailure;
    private long attemptEndNs;
    private long handshakeSentNs;
    private long establishedNs;

    private final SessionIdentity session = new SessionIdentity();
    private final Rearming rearming = new Rearming();
    private long plannedTickNs = NEVER;

    /** On while the present connection's server serves reads only; there is no session then. */
    private final WritableServerSearch readOnly = new WritableServerSearch();

    private final Closing closing = new Closing();
    /** What the present connection's server has granted, for the log. */
    private String granting = "";

    /** Of the session that the user was told of last; 0 before the first one. */
    private long announced;
    /** Pauses between the steps of calls, see {@link #awaitFollowUp}. */
    private int followUps;

    /** The present connection has been asked to end the session. */
    private boolean closeSent;
    /** Why the present connection is to be replaced as soon as nothing is on its way; null when it is not. */
    private @Nullable String renewal;

    public SessionCore(
            SessionSettings settings, SessionPort port, WatchRegistry watches, RandomGenerator random, long nowNs) {
        this.settings = settings;
        this.credentials = new ArrayList<>(settings.credentials());
        this.port = port;
        this.watches = watches;
        this.servers = new ServerRotation(settings.servers(), settings.backoff(), random);
        this.server = settings.servers().get(0);
        this.sasl = new SaslSteps(settings.sasl(), port);
        this.calls = new PendingCalls(port, settings.maxPendingCalls(), nowNs);
        this.sessionWatches = new SessionWatches(watches, calls, this::submit);
        this.replies = new Replies(port, calls, sessionWatches, rearming, session, liveness);
    }

    // ---- What the shell tells ----

    public void start(long now) {
        if (phase == Phase.NEW) {
            attempt(now);
        }
    }

    public void submit(long now, Call call) {
        calls.add(now, call);
        if (!isTakingCalls()) {
            calls.failUnsent(now, SessionCore::closed);
        }
    }

    /**
     * What a call on its way still needs will be submitted after a pause: a client that is closing waits for it, as for a call
     * that is pending, until {@link #onFollowUp}.
     */
    public void awaitFollowUp() {
        followUps++;
    }

    public void onFollowUp() {
        followUps--;
    }

    /** Whether a call that is submitted now may still be sent: not when the client is closed, or ends its session. */
    public boolean isTakingCalls() {
        return phase != Phase.CLOSED && !closing.isEndingSession();
    }

    public void onConnected(long now, int which) {
        if (which != connection || phase != Phase.CONNECTING) {
            return;
        }
        phase = Phase.HANDSHAKING;
        handshakeSentNs = now;
        port.sendConnect(session.connectRequest(settings.sessionTimeoutMs(), settings.canBeReadOnly()));
    }

    /** The connection is gone, or never came. */
    public void onConnectionClosed(long now, int which, String reason) {
        if (which == connection) {
            loseConnection(now, reason);
        }
    }

    /**
     * What came can neither be read nor skipped.
     *
     * @param isAnswer whether it may be the answer that is awaited next
     */
    public void onUnreadable(long now, int which, boolean isAnswer, String reason) {
        if (which == connection) {
            if (phase == Phase.ESTABLISHED && isAnswer) {
                calls.failUnreadable(now);
            }
            loseConnection(now, reason);
        }
    }

    public void onConnectResponse(long now, int which, ConnectResponse response) {
        if (which != connection || phase != Phase.HANDSHAKING) {
            return;
        }
        byte[] granted = response.passwd();
        if (response.timeoutMs() <= 0 || response.sessionId() == 0 || granted == null) {
            if (!session.exists()) {
                loseConnection(now, "the server refuses a session");
            } else {
                dropConnection();
                loseSession(now, "expired, as the server says");
                retryAtNs = now;
            }
            return;
        }
        if (Boolean.TRUE.equals(response.readOnly())) {
            onReadOnlyServer(now, response.timeoutMs());
            return;
        }
        if (session.exists() && response.sessionId() != session.id()) {
            loseSession(now, "the server gave another one");
        }
        liveness.onEstablished(now, response.timeoutMs(), handshakeSentNs);
        boolean isNew = session.adopt(response.sessionId(), granted);
        if (isNew) {
            port.onLeaseStarted(session.id(), session.generation(), liveness.leaseEndNs());
        } else {
            port.onLeaseRenewed(liveness.leaseEndNs());
        }
        granting = (isNew ? "new session, time-out " : "same session, time-out ") + response.timeoutMs() + " ms, "
                + port.describe(server);
        authenticate(now);
    }

    /** Who the client is comes before everything else. */
    private void authenticate(long now) {
        phase = Phase.AUTHENTICATING;
        onSasl(now, sasl.begin(sasl.isNeeded() ? calls.nextXid() : 0));
    }

    private void onSasl(long now, SaslSteps.Progress progress) {
        switch (progress) {
            case UNDER_WAY -> {}
            case DONE -> establish(now);
            case REFUSED -> onAuthFailed(now, sasl.refusal());
        }
    }

    private void establish(long now) {
        phase = Phase.ESTABLISHED;
        establishedNs = now;
        if (closing.isEndingSession()) {
            // Only to end it.
            return;
        }
        restoreConnection();
        if (readOnly.isOn()) {
            changeState(SessionState.READ_ONLY, session.event(SessionEvent.Type.READ_ONLY), granting);
        } else {
            SessionEvent.Type type = announced == 0 ? SessionEvent.Type.CONNECTED : SessionEvent.Type.RECONNECTED;
            announced = session.generation();
            changeState(SessionState.CONNECTED, session.event(type), granting);
        }
    }

    /**
     * The server has lost its ensemble. What it grants is no session that any other server knows, so none is taken: the
     * connection is for reads, and others are asked whether they take writes.
     */
    private void onReadOnlyServer(long now, int timeoutMs) {
        if (session.exists() || !settings.canBeReadOnly()) {
            loseConnection(now, "the server serves reads only");
            return;
        }
        liveness.onEstablished(now, timeoutMs, handshakeSentNs);
        readOnly.begin(now);
        granting = "no session, " + port.describe(server) + " serves reads only";
        authenticate(now);
    }

    /** A server takes writes, as it says: it is tried next. */
    public void onWritableServer(ServerAddress asked) {
        if (phase == Phase.ESTABLISHED && readOnly.isOn()) {
            servers.prefer(asked);
            renewConnection("another server takes writes");
        }
    }

    /** The servers to use from now on; when the present one is not among them, another connection is taken. */
    public void updateServers(List<ServerAddress> others) {
        servers.replace(others);
        if (!servers.contains(server)) {
            renewConnection("its server has left the ensemble");
        }
    }

    /** One more identity, for the present connection and all that follow. */
    public void addCredential(AuthPacket credential) {
        credentials.add(credential);
        if (phase == Phase.ESTABLISHED) {
            port.send(Xid.AUTH, credential);
        }
    }

    /** What belongs to a connection and not to the session: identities and watches. It goes before everything else. */
    private void restoreConnection() {
        for (AuthPacket credential : credentials) {
            port.send(Xid.AUTH, credential);
        }
        for (SetWatchesRequest request : rearming.requests(watches, session.lastZxid())) {
            port.send(Xid.SET_WATCHES, request);
        }
    }

    /** The operation whose record the reply with this xid has; null when none is awaited. */
    @Nullable
    public OpCode awaitedOp(int xid) {
        return sasl.isAwaiting(xid) ? OpCode.SASL : replies.awaitedOp(xid, closeSent);
    }

    /**
     * @param response null when there is an error
     */
    public void onReply(long now, int which, int xid, long zxid, int error, @Nullable Response response) {
        if (which != connection) {
            return;
        }
        if (phase == Phase.ESTABLISHED) {
            obey(now, xid, replies.on(now, xid, zxid, error, response, closeSent));
        } else if (phase == Phase.AUTHENTICATING) {
            onSaslReply(now, xid, error, response);
        }
    }

    private void onSaslReply(long now, int xid, int error, @Nullable Response response) {
        if (sasl.isAwaiting(xid)) {
            onSasl(now, sasl.onReply(error, response, calls.nextXid()));
        } else {
            loseConnection(now, "a reply with xid " + xid + " came out of order");
        }
    }

    /** A reply that was skipped because of its length. Whoever waits for it would get it as long if the call were repeated. */
    public void onTooLongReply(long now, int which, int xid, long zxid, int length) {
        if (which == connection && phase == Phase.ESTABLISHED) {
            obey(now, xid, replies.onTooLong(now, xid, zxid, length, settings.maxResponseBytes()));
        }
    }

    private void obey(long now, int xid, Replies.Meaning meaning) {
        switch (meaning) {
            case NOTHING_MORE -> {}
            case OUT_OF_ORDER -> loseConnection(now, "a reply with xid " + xid + " came out of order");
            case AUTH_REFUSED -> onAuthFailed(now, CREDENTIALS_REFUSED);
            // Without its watches the client would miss changes and not know: as good as no connection.
            case WATCHES_REFUSED -> loseConnection(now, "the server does not arm the watches again");
            case SESSION_EXPIRED -> {
                loseConnection(now, "the session is expired");
                loseSession(now, "expired, as the server says");
            }
            case SESSION_MOVED -> {
                loseConnection(now, "the session has moved to another connection");
                replies.putBackWhatMoved();
            }
            case SESSION_CLOSED -> finishClose(now);
        }
    }

    int maxResponseBytes() {
        return settings.maxResponseBytes();
    }

    public void onEvent(long now, int which, long zxid, WatcherEvent event) {
        if (which != connection) {
            return;
        }
        liveness.onHeard(now);
        EventType type = EventType.of(event.type());
        if (type != null) {
            watches.fire(type, event.path(), zxid);
        }
    }

    /** Ends a persistent watch; the server is told when no other watch needs it. */
    public void removeWatch(long now, WatchArming arming, long timeoutNs, Result<@Nullable Void> result) {
        sessionWatches.remove(now, phase == Phase.ESTABLISHED, arming, timeoutNs, result);
    }

    /** Ends watches of a path. */
    public void withdraw(long now, WatchWithdrawal which, Result<@Nullable Void> result) {
        sessionWatches.withdraw(now, phase == Phase.ESTABLISHED, which, result);
    }

    /**
     * Takes another connection, so that everyone hears that changes may have been missed. First all that is on its way is
     * answered, and nothing more is sent, so that no call loses its outcome. Without a connection there will be another one
     * anyway.
     */
    public void renewConnection(String reason) {
        if (phase == Phase.ESTABLISHED && !closing.hasBegun() && renewal == null) {
            port.onWarning(reason);
            renewal = reason;
        }
    }

    /** Time has passed. */
    public void onTick(long now) {
        boolean stalled = plannedTickNs != NEVER && now - plannedTickNs > LATE_TICK_NS;
        plannedTickNs = NEVER;
        if (phase == Phase.CLOSED) {
            return;
        }
        calls.expire(now, situation());
        if (session.exists() && liveness.isLeaseOver(now)) {
            onLeaseOver(now);
        }
        switch (phase) {
            case WAITING -> {
                if (now - retryAtNs >= 0) {
                    attempt(now);
                }
            }
            case CONNECTING, HANDSHAKING, AUTHENTICATING -> {
                if (now - attemptEndNs >= 0) {
                    loseConnection(now, "no answer within the connect timeout");
                }
            }
            case ESTABLISHED -> {
                keepAlive(now, stalled);
                if (readOnly.isDue(now)) {
                    readOnly.onAsked(now);
                    port.askWhetherWritable(servers.next(), settings.connectTimeoutNs());
                }
            }
            case NEW, CLOSED -> {}
        }
    }

    private String situation() {
        if (phase == Phase.ESTABLISHED) {
            return "the connection is congested";
        }
        return "no connection, state " + state
                + (lastFailure == null ? "" : ", the last attempt failed: " + lastFailure);
    }

    private void keepAlive(long now, boolean stalled) {
        if (liveness.isSilent(now, stalled)) {
            loseConnection(now, "the server is silent");
        } else if (liveness.isPingDue(now)) {
            port.send(Xid.PING, PingRequest.INSTANCE);
            liveness.onPingSent(now);
        }
    }

    /**
     * Nobody answered in time: the session counts as lost, whatever the server thinks. If the server can still hear, it is
     * told, so that the ephemeral znodes do not outlive the session.
     */
    private void onLeaseOver(long now) {
        if (phase == Phase.ESTABLISHED) {
            port.send(calls.nextXid(), CloseSessionRequest.INSTANCE);
        }
        if (phase == Phase.ESTABLISHED) {
            loseConnection(now, "the session's lease is over");
        } else if (phase == Phase.HANDSHAKING || phase == Phase.AUTHENTICATING) {
            // The connection is for the session that is given up.
            dropConnection();
            retryAtNs = now;
        }
        loseSession(now, "no answer in time");
    }

    /** Sends what waits; called after the events of a turn. */
    public void endTurn(long now) {
        String why = renewal;
        if (why != null && !calls.hasInFlight()) {
            loseConnection(now, why);
        }
        if (phase == Phase.ESTABLISHED && renewal == null && !closeSent && calls.hasUnsent() && calls.send(now)) {
            liveness.onSent(now);
        }
        if (closing.hasBegun() && phase != Phase.CLOSED) {
            advanceClose(now);
        }
    }

    /** When {@link #onTick} is due next, if nothing happens before. */
    public long nextWakeUpNs() {
        long wake = Long.MAX_VALUE;
        switch (phase) {
            case WAITING -> wake = retryAtNs;
            case CONNECTING, HANDSHAKING, AUTHENTICATING -> wake = attemptEndNs;
            case ESTABLISHED -> wake = earlier(liveness.nextWakeUpNs(), readOnly.dueNs());
            case NEW -> {}
            case CLOSED -> {
                return NEVER;
            }
        }
        if (session.exists()) {
            wake = earlier(wake, liveness.leaseEndNs());
        }
        if (closing.hasBegun()) {
            wake = earlier(wake, closing.stepEndNs());
        }
        wake = earlier(wake, calls.nextExpiryNs());
        plannedTickNs = wake;
        return wake;
    }

    private static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return Math.min(one, other);
        }
        return one - other <= 0 ? one : other;
    }

    /** As {@link #close(long, long)}, with the usual bound, which ends early when no server can be reached. */
    public void close(long now) {
        beginClose(now, DRAIN_NS, false);
    }

    /**
     * Ends everything in good order: calls get this long to finish, then the session is closed, which takes {@link
     * #CLOSE_ANSWER_NS} at most; then {@link SessionPort#onClosed}. The first call counts.
     */
    public void close(long now, long drainNs) {
        beginClose(now, drainNs, true);
    }

    private void beginClose(long now, long drainNs, boolean waitsForServers) {
        if (closing.hasBegun() || phase == Phase.CLOSED) {
            return;
        }
        // An attempt that was begun before may meet what the others met; with a session to end it does not count.
        boolean isAttempt = phase == Phase.CONNECTING || phase == Phase.HANDSHAKING || phase == Phase.AUTHENTICATING;
        boolean underWay = session.exists() && isAttempt;
        closing.begin(now, drainNs, waitsForServers, servers.size() + (underWay ? 1 : 0));
        retryAtNs = now;
    }

    public int pendingCalls() {
        return calls.size();
    }

    // ---- Transitions ----

    private void attempt(long now) {
        connection++;
        phase = Phase.CONNECTING;
        server = servers.next();
        long share = TimeUnit.MILLISECONDS.toNanos(settings.sessionTimeoutMs()) / servers.size();
        long timeout = Math.min(settings.connectTimeoutNs(), Math.max(share, SHORTEST_ATTEMPT_NS));
        attemptEndNs = now + timeout;
        port.connect(connection, server, timeout);
    }

    private void loseConnection(long now, String reason) {
        boolean wasEstablished = phase == Phase.ESTABLISHED;
        if (phase == Phase.WAITING || phase == Phase.CLOSED) {
            return;
        }
        dropConnection();
        if (wasEstablished) {
            servers.lost(now - establishedNs);
            lastFailure = null;
            calls.onConnectionLost(now);
            changeState(SessionState.SUSPENDED, session.event(SessionEvent.Type.SUSPENDED), reason);
        } else {
            servers.failed();
            closing.onAttemptFailed();
            lastFailure = port.describe(server) + ": " + reason;
            port.onAttemptFailed(server, reason, servers.failedRounds());
        }
        // Whoever closes waits for the few attempts that are left.
        long delay = servers.delayNs();
        retryAtNs = now + (closing.isEndingSession() ? Math.min(delay, CLOSING_PAUSE_NS) : delay);
    }

    /** No event of the present connection counts any more. */
    private void dropConnection() {
        port.disconnect();
        connection++;
        phase = Phase.WAITING;
        closeSent = false;
        renewal = null;
        readOnly.end();
        sasl.onConnectionLost();
    }

    private void loseSession(long now, String reason) {
        if (!session.exists()) {
            return;
        }
        port.onLeaseEnded();
        SessionEvent event = session.event(SessionEvent.Type.LOST);
        boolean isUnknown = announced != session.generation();
        session.forget();
        if (isUnknown) {
            // No server has taken this client for who it is yet, so nothing hangs on the session.
            return;
        }
        rearming.onSessionLost();
        calls.failAll(now, SessionLostException::new);
        changeState(SessionState.LOST, event, reason);
    }

    private void onAuthFailed(long now, String reason) {
        calls.failAllUndone(now, (operation, path) -> new AuthFailedException(operation, path, reason));
        loseConnection(now, reason);
        servers.allFailed();
        retryAtNs = now + servers.delayNs();
    }

    private void changeState(SessionState next, SessionEvent event, String reason) {
        SessionState before = state;
        state = next;
        port.onStateChanged(before, next, event, reason);
    }

    // ---- Closing ----

    /** A call that is over may have a successor, which came in the same turn; so nothing pending means nothing to come. */
    private void advanceClose(long now) {
        boolean connected = phase == Phase.ESTABLISHED;
        if (closing.isDrained(now, connected, calls.size() + followUps)) {
            closing.endSession(now);
            if (phase == Phase.WAITING) {
                retryAtNs = now;
            }
            // What is on its way may still be answered: that comes before the answer to the request below.
            calls.failUnsent(now, SessionCore::closed);
            // Before the server hears of it: from then on others may hold what this session held.
            port.onLeaseEnded();
        }
        boolean canEndSession = connected && session.exists();
        if (closing.isOver(now, canEndSession, session.exists())) {
            finishClose(now);
        } else if (closing.isEndingSession() && canEndSession && !closeSent) {
            closeSent = true;
            closing.onTold();
            port.send(calls.nextXid(), CloseSessionRequest.INSTANCE);
        }
    }

    private void finishClose(long now) {
        phase = Phase.CLOSED;
        connection++;
        port.disconnect();
        port.onLeaseEnded();
        SessionEvent event = session.event(SessionEvent.Type.CLOSED);
        session.forget();
        calls.failAll(now, SessionCore::closed);
        changeState(SessionState.CLOSED, event, "the client was closed");
        port.onClosed();
    }

    private static CoordException closed(String operation, @Nullable String path) {
        return new ClientClosedException(operation, path, "the client is closed");
    }
}
