package io.coord.server.internal.transport;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.Xid;
import io.coord.protocol.data.EventType;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.metrics.Counter;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.Outbound;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one client: frames are appended to one buffer, which leaves at the end of the turn. */
final class ConnectionOutput implements Outbound {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionOutput.class);
    private static final int INITIAL_BYTES = 512;
    /** A fuller buffer is handed to the channel before the end of the turn: growing it further would only copy it. */
    private static final int HAND_OVER_BYTES = 64 * 1024;
    /** More than this waiting for one client: no further replies until it has taken them. */
    static final int FULL_BYTES = 1 << 20;

    /** For how long a client that is to be cut off may take its last replies. */
    private static final long LAST_WORDS_MS = 5_000;

    /** For how long an operator may take what he asked for. */
    private static final long TEXT_MS = 30_000;

    private final Channel channel;
    private final TurnEnd turnEnd;
    private final WireWriter writer;
    private final BufferBudget budget;
    private final Runnable onReadingResumed;
    private final ServerMetrics metrics;
    private final long maxPendingBytes;
    private final int maxResponseBytes;
    /** Of a connection of this process; a channel to elsewhere knows what has left. */
    private final @Nullable InProcessBuffers inProcess;

    private @Nullable ByteBuf out;
    /** Of all frames so far. */
    private long appendedBytes;

    private long frames;

    private boolean dueThisTurn;
    private boolean wanted = true;
    private boolean blocked;
    private boolean closing;

    /** @param onReadingResumed what to do, in a later task, when requests may be taken again */
    ConnectionOutput(Channel channel, TransportParts parts, Runnable onReadingResumed) {
        this.channel = channel;
        this.turnEnd = parts.turnEnd();
        this.writer = parts.writer();
        this.budget = parts.budget();
        this.metrics = parts.metrics();
        this.maxPendingBytes = parts.limits().maxPendingBytes();
        this.maxResponseBytes = parts.limits().maxResponseBytes();
        this.onReadingResumed = onReadingResumed;
        this.inProcess = channel.alloc() instanceof InProcessBuffers counted ? counted : null;
    }

    @Override
    public void connected(ConnectResponse response) {
        if (closing) {
            return;
        }
        try {
            WireWriter to = begin();
            int mark = to.beginFrame();
            response.encode(to);
            end(to, mark, metrics.responseBytes);
        } catch (RuntimeException | OutOfMemoryError e) {
            breakOff(e);
        }
    }

    @Override
    public long reply(int xid, long zxid, ErrorCode error, @Nullable Response response) {
        if (closing) {
            return 0;
        }
        try {
            WireWriter to = begin();
            int mark = to.beginFrame(maxResponseBytes);
            writeHeader(to, xid, zxid, error.code());
            if (response != null) {
                response.encode(to);
            }
            return end(to, mark, metrics.responseBytes);
        } catch (RuntimeException | OutOfMemoryError e) {
            breakOff(e);
            return 0;
        }
    }

    @Override
    public int maxResponseBytes() {
        return maxResponseBytes;
    }

    @Override
    public void event(EventType type, String path, long zxid) {
        if (closing) {
            return;
        }
        try {
            WireWriter to = begin();
            int mark = to.beginFrame(maxResponseBytes);
            writeHeader(to, Xid.NOTIFICATION, zxid, ErrorCode.OK.code());
            to.writeInt(type.code());
            to.writeInt(WatcherEvent.SYNC_CONNECTED);
            to.writeString(path);
            long tooLong = end(to, mark, metrics.watchBytes);
            if (tooLong > 0) {
                // Only of a znode that was created under another limit. The client would lose its connection over it,
                // come back, and be told again.
                LOG.warn(
                        "{} is not told of an event on a path of {} characters: {} bytes are more than the limit, {}",
                        channel,
                        path.length(),
                        tooLong,
                        maxResponseBytes);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            breakOff(e);
        }
        // Events cannot be held back, as reads can.
        if (!closing && pendingBytes() > maxPendingBytes) {
            LOG.warn("{} is closed: more than {} bytes of events wait for it", channel, maxPendingBytes);
            budget.onCutOff();
            close();
        }
    }

    @Override
    public void closeAfterReplies() {
        if (closing) {
            return;
        }
        closing = true;
        channel.config().setAutoRead(false);
        ByteBuf last = out;
        out = null;
        ChannelFuture written = channel.writeAndFlush(last == null ? Unpooled.EMPTY_BUFFER : last);
        written.addListener(ChannelFutureListener.CLOSE);
        if (!written.isDone()) {
            channel.eventLoop().schedule((Runnable) channel::close, LAST_WORDS_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Sends what an operator is told, and closes. From any thread. */
    void sendTextAndClose(String text) {
        channel.eventLoop().execute(() -> {
            if (closing) {
                return;
            }
            closing = true;
            ByteBuf encoded = ByteBufUtil.writeUtf8(channel.alloc(), text);
            budget.onBuffered(encoded.readableBytes());
            ChannelFuture written = channel.writeAndFlush(encoded);
            written.addListener(ChannelFutureListener.CLOSE);
            if (!written.isDone()) {
                channel.eventLoop().schedule((Runnable) channel::close, TEXT_MS, TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Frames of any kind so far. */
    long frames() {
        return frames;
    }

    void resetFrames() {
        frames = 0;
    }

    /** As a selector would be interested in the connection. */
    int interestOps() {
        return (channel.config().isAutoRead() ? SelectionKey.OP_READ : 0)
                | (pendingBytes() > 0 ? SelectionKey.OP_WRITE : 0);
    }

    SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public void close() {
        closing = true;
        release();
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null && pendingBytes() > 0) {
            // It would say good-bye first, and wait until a client takes it that takes nothing.
            tls.close();
        } else {
            channel.close();
        }
    }

    @Override
    public boolean isFull() {
        if (pendingBytes() <= FULL_BYTES) {
            return false;
        }
        if (inProcess != null) {
            inProcess.tellWhenTaken();
        }
        return true;
    }

    @Override
    public void setReading(boolean reading) {
        wanted = reading;
        updateReading();
    }

    /** The client is too slow: no request is taken until it has caught up. */
    void pauseUntilWritable() {
        blocked = true;
        updateReading();
    }

    /** The client has caught up. */
    void onWritable() {
        blocked = false;
        updateReading();
    }

    private void updateReading() {
        if (closing) {
            return;
        }
        boolean reading = wanted && !blocked;
        channel.config().setAutoRead(reading);
        if (reading) {
            channel.eventLoop().execute(onReadingResumed);
        }
    }

    boolean isClosing() {
        return closing;
    }

    /** Sends what has gathered. */
    void flush() {
        dueThisTurn = false;
        ByteBuf ready = out;
        out = null;
        try {
            if (ready != null) {
                channel.writeAndFlush(ready, channel.voidPromise());
            } else if (!closing) {
                channel.flush();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            breakOff(e);
        }
    }

    /** The channel is gone. */
    void release() {
        ByteBuf gathered = out;
        out = null;
        if (gathered != null) {
            gathered.release();
        }
    }

    private static void writeHeader(WireWriter to, int xid, long zxid, int error) {
        to.writeInt(xid);
        to.writeLong(zxid);
        to.writeInt(error);
    }

    /** A frame that is not whole must never leave, and one connection that fails must not take others with it. */
    private void breakOff(Throwable cause) {
        close();
        LOG.error("{} is closed: what is meant for it cannot be buffered", channel, cause);
    }

    private WireWriter begin() {
        ByteBuf buffer = out;
        if (buffer == null) {
            buffer = channel.alloc().ioBuffer(INITIAL_BYTES);
            out = buffer;
        }
        return writer.reset(buffer);
    }

    /** The length of a frame that was too long and is gone, else 0. */
    private long end(WireWriter to, int mark, Counter sum) {
        long bytes = to.endFrame(mark);
        ByteBuf gathered = out;
        if (gathered != null && gathered.writerIndex() == mark) {
            giveBack(gathered);
            return bytes;
        }
        if (!dueThisTurn) {
            dueThisTurn = true;
            turnEnd.onFirstWrite(this, channel.eventLoop());
        }
        ByteBuf buffer = out;
        if (buffer == null) {
            return 0;
        }
        int frameBytes = buffer.writerIndex() - mark;
        frames++;
        metrics.packetsSent.increment();
        metrics.responseSizes.add(frameBytes);
        sum.add(frameBytes);
        if (buffer.readableBytes() >= HAND_OVER_BYTES) {
            out = null;
            channel.write(buffer, channel.voidPromise());
        }
        appendedBytes += frameBytes;
        budget.onBuffered(frameBytes);
        return 0;
    }

    /** It has grown for what it does not hold; while the client takes nothing it would stay that large. */
    private void giveBack(ByteBuf grown) {
        out = grown.isReadable()
                ? channel.alloc()
                        .ioBuffer(grown.readableBytes() + INITIAL_BYTES)
                        .writeBytes(grown)
                : null;
        grown.release();
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public long takenBytes() {
        if (inProcess != null) {
            return inProcess.releasedBytes();
        }
        ChannelOutboundBuffer handedOver = channel.unsafe().outboundBuffer();
        // A message counts as pending until the last byte of it has left.
        long begun = handedOver == null ? 0 : handedOver.currentProgress();
        return appendedBytes - pendingBytes() + begun;
    }

    /** What waits for the client. */
    long pendingBytes() {
        if (inProcess != null) {
            return inProcess.heldBytes();
        }
        ChannelOutboundBuffer handedOver = channel.unsafe().outboundBuffer();
        long pending = handedOver == null ? 0 : handedOver.totalPendingWriteBytes();
        return out == null ? pending : pending + out.readableBytes();
    }
}
