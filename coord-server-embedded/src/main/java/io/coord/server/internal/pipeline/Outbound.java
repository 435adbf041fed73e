package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/**
 * The way to one client. Replies and events leave in the order of the calls, all of one turn of the owner thread together.
 * Calls after a close do nothing. None of them calls back before it returns, and none throws: a client whose replies or
 * events cannot be buffered is disconnected, which is nobody else's business.
 */
public interface Outbound {
    void connected(ConnectResponse response);

    /**
     * @param response null exactly if there is an error
     * @return 0, or how long the reply would be when that is more than {@link #maxResponseBytes}: then nothing was handed
     *     over
     */
    long reply(int xid, long zxid, ErrorCode error, @Nullable Response response);

    /** How long a reply may be, its header included. A client would break its connection over a longer one. */
    int maxResponseBytes();

    void event(EventType type, String path, long zxid);

    /** Sends what was handed over, then closes. Nothing more is read. */
    void closeAfterReplies();

    /** Closes at once; what was handed over may be lost. */
    void close();

    /** Whether so much waits for a slow client that no further reply should be made now. */
    boolean isFull();

    /** Whether nothing is read from the client because it does not take its replies. */
    boolean isBlocked();

    /** How much the client, or the network on its way, has taken so far, in bytes; only for comparison with itself. */
    long takenBytes();

    /** Stops or resumes the reading of requests. */
    void setReading(boolean reading);
}
