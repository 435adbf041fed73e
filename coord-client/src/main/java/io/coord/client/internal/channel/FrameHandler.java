package io.coord.client.internal.channel;

import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one handler of a connection. Inwards it cuts the stream into frames, without copying what has arrived whole; outwards
 * it gathers the frames of a turn in one buffer, which goes out with one write and one flush. Owned by the network thread.
 */
public final class FrameHandler extends ChannelInboundHandlerAdapter {
    /** Of a reply: what tells which one it is. */
    public static final int HEADER_BYTES = ReplyHeader.WIRE_BYTES;

    private static final int OUTBOUND_BYTES = 1024;
    /** More than this is not gathered before the connection has taken what it has. */
    private static final int MAX_GATHERED_BYTES = 1024 * 1024;

    private static final long LAST_WORDS_SECONDS = 1;

    private final int connection;
    private final int maxInboundBytes;
    private final FrameListener listener;
    private @Nullable Channel channel;
    private @Nullable ByteBuf inbound;
    private @Nullable ByteBuf outbound;
    private final WireWriter writer = new WireWriter(Unpooled.EMPTY_BUFFER);
    /** Of a frame that is too long: what has yet to arrive. */
    private int toSkip;

    private boolean closed;

    /** @param maxInboundBytes a longer frame is skipped */
    public FrameHandler(int connection, int maxInboundBytes, FrameListener listener) {
        this.connection = connection;
        this.maxInboundBytes = maxInboundBytes;
        this.listener = listener;
    }

    /** The channel stands; frames may be written. */
    public void open(Channel connected) {
        this.channel = connected;
    }

    /** Where the next frame is to be written, behind {@link WireWriter#beginFrame()}. */
    public WireWriter writer() {
        if (outbound == null) {
            ByteBuf fresh = openChannel().alloc().buffer(OUTBOUND_BYTES);
            outbound = fresh;
            writer.reset(fresh);
        }
        return writer;
    }

    /** Bytes gathered so far. */
    public int gathered() {
        ByteBuf bytes = outbound;
        return bytes == null ? 0 : bytes.writerIndex();
    }

    /** Takes back what was written after a mark of {@link #gathered()}. */
    public void truncate(int mark) {
        ByteBuf bytes = outbound;
        if (bytes != null) {
            bytes.writerIndex(mark);
        }
    }

    public boolean isWritable() {
        return gathered() < MAX_GATHERED_BYTES && openChannel().isWritable();
    }

    /** Sends what was gathered. */
    public void flush() {
        ByteBuf bytes = outbound;
        if (bytes != null) {
            outbound = null;
            Channel to = openChannel();
            to.writeAndFlush(bytes, to.voidPromise());
        }
    }

    /** Sends what was gathered, then closes; nothing is told any more. Also for a channel that never came. */
    public void close() {
        closed = true;
        Channel open = channel;
        if (open == null) {
            return;
        }
        ByteBuf bytes = outbound;
        if (bytes == null) {
            open.close();
        } else {
            outbound = null;
            open.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
            // A peer that reads no more would keep the channel for ever.
            open.eventLoop().schedule(() -> open.close(), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        }
    }

    public boolean isClosed() {
        return closed;
    }

    private Channel openChannel() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = append((ByteBuf) message);
        inbound = null;
        try {
            readFrames(bytes);
            if (!closed && bytes.isReadable()) {
                inbound = bytes.retain();
            }
        } catch (MalformedRecordException e) {
            failUnreadable("malformed reply: " + e.getMessage());
        } finally {
            bytes.release();
        }
        if (closed) {
            // Closed by what was read: nothing more is read, but what that led to must still be carried out.
            listener.onTurnEnd(connection);
        }
    }

    private ByteBuf append(ByteBuf message) {
        ByteBuf before = inbound;
        if (before == null) {
            return message;
        }
        int needed = before.readableBytes() + message.readableBytes();
        if (before.refCnt() == 1 && !before.isReadOnly() && before.writableBytes() >= message.readableBytes()) {
            before.writeBytes(message);
            message.release();
            return before;
        }
        // Twice what has arrived, so that a long frame is not copied again for each piece. Not the length that it
        // claims:
        // a server must not make us reserve what it never sends.
        ByteBuf whole = openChannel().alloc().buffer(2 * needed);
        whole.writeBytes(before).writeBytes(message);
        before.release();
        message.release();
        return whole;
    }

    private void readFrames(ByteBuf bytes) {
        skip(bytes);
        while (!closed && bytes.readableBytes() >= Integer.BYTES) {
            int length = bytes.getInt(bytes.readerIndex());
            if (length < 0) {
                failUnreadable("a frame of " + length + " bytes");
                return;
            }
            if (length > maxInboundBytes) {
                if (bytes.readableBytes() < Integer.BYTES + HEADER_BYTES) {
                    return;
                }
                bytes.skipBytes(Integer.BYTES);
                if (!listener.onTooLong(connection, bytes.slice(bytes.readerIndex(), HEADER_BYTES), length)) {
                    failUnreadable("a frame of " + length + " bytes");
                    return;
                }
                toSkip = length;
                skip(bytes);
                continue;
            }
            if (bytes.readableBytes() - Integer.BYTES < length) {
                return;
            }
            bytes.skipBytes(Integer.BYTES);
            int end = bytes.readerIndex() + length;
            int arrived = bytes.writerIndex();
            // The reader of the frame sees its bytes and no others.
            bytes.writerIndex(end);
            try {
                listener.onFrame(connection, bytes);
            } finally {
                bytes.writerIndex(arrived).readerIndex(end);
            }
        }
    }

    private void skip(ByteBuf bytes) {
        int skipped = Math.min(toSkip, bytes.readableBytes());
        bytes.skipBytes(skipped);
        toSkip -= skipped;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!closed) {
            listener.onTurnEnd(connection);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!closed && ctx.channel().isWritable()) {
            listener.onTurnEnd(connection);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the server closed the connection");
        releaseInbound();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        releaseInbound();
    }

    private void releaseInbound() {
        ByteBuf left = inbound;
        inbound = null;
        if (left != null) {
            left.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }

    private void failUnreadable(String reason) {
        if (!closed) {
            listener.onUnreadable(connection, reason);
        }
    }

    private void fail(String reason) {
        if (!closed) {
            listener.onClosed(connection, reason);
        }
    }
}
