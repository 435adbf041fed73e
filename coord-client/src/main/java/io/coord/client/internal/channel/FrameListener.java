package io.coord.client.internal.channel;

import io.netty.buffer.ByteBuf;

/** What a connection tells. All on the network thread. */
public interface FrameListener {
    /**
     * A frame has arrived.
     *
     * @param frame readable from its first byte behind the length to its last; valid during the call only
     */
    void onFrame(int connection, ByteBuf frame);

    /**
     * A frame has begun that is longer than allowed; it is skipped, and never told.
     *
     * @param header its first {@link FrameHandler#HEADER_BYTES} bytes; valid during the call only
     * @param length of the frame
     * @return false when it cannot do without the frame: then the connection is of no more use
     */
    boolean onTooLong(int connection, ByteBuf header, int length);

    /** All that has arrived was told, or more may be sent than before. */
    void onTurnEnd(int connection);

    /** What arrived is no frame, or not what it should hold; the connection is of no more use. */
    void onUnreadable(int connection, String reason);

    /** The connection broke. Told once, and not when this side closed it. */
    void onClosed(int connection, String reason);
}
