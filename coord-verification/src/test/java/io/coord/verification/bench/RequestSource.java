package io.coord.verification.bench;

import io.coord.verification.wire.RawSession;
import java.nio.ByteBuffer;

/** What one connection of the load generator asks for, request by request, and what the replies must look like. */
interface RequestSource {
    /** Bytes of a reply's header. */
    int HEADER_BYTES = 16;

    /** Appends a whole frame. */
    void write(ByteBuffer out, int xid, long index);

    int longestRequestBytes();

    /**
     * Whether a reply is what the request with this index must get: a cheaper answer must not count as a fast one. Replies
     * come in the order of their requests.
     *
     * @param at where its header starts
     * @param length of header and body
     */
    boolean isReply(long index, int error, ByteBuffer in, int at, int length);

    default int longestReplyBytes() {
        return 4096;
    }

    /** Creates what the requests need, but for the root itself. */
    default void prepare(RawSession session) {}

    /** What the server has really done: as many as were acknowledged, or the figures are worth nothing. */
    long effects(RawSession session, long acknowledged);
}
