package io.coord.client.internal.session;

import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;

/**
 * What {@link SessionCore} wants done. Called on the thread that calls the core, which must not be called back from within.
 */
public interface SessionPort {
    /**
     * Opens a connection. Its fate is told with the same number, by {@link SessionCore#onConnected} or
     * {@link SessionCore#onConnectionClosed}.
     */
    void connect(int connection, ServerAddress server, long timeoutNs);

    /** What {@link #connect} reaches, for the log. */
    String describe(ServerAddress server);

    /**
     * Asks a server, over a connection of its own, whether it takes writes; if it does, {@link
     * SessionCore#onWritableServer} is told, and nothing otherwise.
     */
    default void askWhetherWritable(ServerAddress server, long timeoutNs) {}

    /** Closes whatever connection there is, or is being opened, after what was sent. Nothing is told of it any more. */
    void disconnect();

    /** Sends the first frame of a connection. */
    void sendConnect(ConnectRequest request);

    /**
     * Sends a request.
     *
     * @return the bytes of its frame; when they are more than {@link #maxRequestBytes()} nothing was sent
     * @throws RuntimeException when its record cannot be written; nothing was sent
     */
    int send(int xid, Request request);

    int maxRequestBytes();

    /** Whether more may be sent now; when that changes to true the core gets another turn. */
    boolean isWritable();

    /** A new session. */
    void onLeaseStarted(long sessionId, long generation, long endNs);

    void onLeaseRenewed(long endNs);

    /** The session is over. */
    void onLeaseEnded();

    /**
     * The state changed, and the user is to be told.
     *
     * @param reason for the log
     */
    void onStateChanged(SessionState before, SessionState after, SessionEvent event, String reason);

    /**
     * An attempt to connect failed.
     *
     * @param failedRounds how many times all servers have failed in a row
     */
    void onAttemptFailed(ServerAddress server, String reason, int failedRounds);

    /** A call has its outcome. */
    void onCallCompleted(Call call, ClientMetrics.Outcome outcome, long nowNs);

    /** A call's own code threw: a bug in the client. */
    void onCallThrew(Call call, RuntimeException bug);

    /** Something about a connection that only the log wants to know. */
    void onWarning(String message);

    /** The core is closed and wants nothing any more. */
    void onClosed();
}
