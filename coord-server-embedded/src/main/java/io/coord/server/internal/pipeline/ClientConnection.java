package io.coord.server.internal.pipeline;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.server.internal.auth.Identities;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionExpiry;
import io.coord.server.internal.watch.WatchListener;
import io.coord.server.internal.watch.Watches;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server knows of one connection, from its first byte to its last. Its fields belong to this package. */
public final class ClientConnection implements WatchListener {
    /** A connection goes through these in order, and may leave out any but the first and the last. */
    enum Phase {
        /** The ConnectRequest has not come yet. */
        NEW,
        /** Its session is being opened or attached; further requests wait in the socket. */
        ATTACHING,
        SERVING,
        /** The session's end was asked for; no request counts any more. */
        ENDING,
        CLOSED
    }

    final Outbound outbound;
    final Identities identities;
    final Watches watches = new Watches(this);
    /** Requests without a reply yet, in the order in which they came. */
    final RequestQueue queue;
    /** Wall-clock milliseconds. */
    private final long establishedMs;
    /** Made anew when an operator resets it. */
    private ConnectionStatistics statistics = new ConnectionStatistics();

    Phase phase = Phase.NEW;
    /** Monotonic milliseconds. */
    long connectSeenMs;

    @Nullable
    Session session;

    /** Where this server is the leader. */
    SessionExpiry.@Nullable Deadline deadline;
    /** In how many reports to the leader it has to be named yet; 0 when it was silent. */
    int reportsLeft;
    /** Too much is outstanding: nothing is read from the socket. */
    boolean paused;
    /** There are replies that could be made, but the client does not take those before them. */
    boolean repliesWait;
    /** Of its replies, when that was asked last. */
    private long takenBytes;
    /** Paused, and nothing of its own is outstanding that would wake it up. */
    boolean waitsForCommits;
    /**
     * Of the newest reply or event. A reply that had to wait for a slow client carries at least this: clients take the
     * newest zxid that they see for how far their server is, and it must not go back.
     */
    long lastZxidSent;

    ClientConnection(Outbound outbound, Identities identities, HeldBytes held, long establishedMs) {
        this.outbound = outbound;
        this.establishedMs = establishedMs;
        this.queue = new RequestQueue(held);
        this.identities = identities;
    }

    /** The first frame is the ConnectRequest, every other one is a request. */
    public boolean awaitsConnect() {
        return phase == Phase.NEW;
    }

    /** Whether a request may be handed over now; if not, it waits in the socket, or for ever. */
    public boolean takesRequests() {
        return phase == Phase.SERVING && !paused;
    }

    /**
     * Whether it is we who do not listen: what the client says waits in its socket. Not so when it takes no replies, which
     * it could do for ever; such a client is alive for as long as some of them leave.
     */
    boolean isHeldBack() {
        return paused && !repliesWait;
    }

    /** Whether a client that is not read because it is slow has taken something of its replies since this was asked last. */
    boolean hasTakenReplies() {
        long before = takenBytes;
        takenBytes = outbound.takenBytes();
        return takenBytes > before && (repliesWait || outbound.isBlocked());
    }

    /** No further request counts; the connection ends when the client has its replies. */
    void endAfterReplies() {
        phase = Phase.ENDING;
        queue.clear();
        outbound.closeAfterReplies();
    }

    /** Ends at once, and without a further word to the client. */
    void cut() {
        phase = Phase.ENDING;
        queue.clear();
        outbound.close();
    }

    public boolean isOver() {
        return phase == Phase.ENDING || phase == Phase.CLOSED;
    }

    /** Wall-clock milliseconds. */
    public long establishedMs() {
        return establishedMs;
    }

    /** Requests without a reply. */
    public int queuedRequests() {
        return queue.size();
    }

    /** Null before there is a session. */
    public @Nullable SessionActivity activity() {
        return session == null ? null : statistics.view(session.id(), session.timeoutMs());
    }

    public void resetStatistics() {
        statistics = new ConnectionStatistics();
    }

    ConnectionStatistics statistics() {
        return statistics;
    }

    @Override
    public List<Id> ids() {
        return identities.all();
    }

    @Override
    public void onWatchEvent(EventType type, String path, long zxid) {
        if (phase != Phase.CLOSED) {
            lastZxidSent = Math.max(lastZxidSent, zxid);
            outbound.event(type, path, zxid);
        }
    }

    @Override
    public String toString() {
        return session == null ? "connection without session" : "connection of " + session;
    }
}
