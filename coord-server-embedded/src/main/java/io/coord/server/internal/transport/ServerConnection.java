package io.coord.server.internal.transport;

import io.coord.protocol.OpCode;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.server.internal.pipeline.ClientConnection;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's bytes, from the channel to the sequencer. All frames that have arrived are handed over within one call; what
 * may not be handed over now, or is not whole, is kept. Bad input ends this connection or is answered with an error; no other
 * connection notices.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final String IN_PROCESS_ADDRESS = "127.0.0.1";
    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    private final RequestSequencer sequencer;
    private final TransportParts parts;
    private final long openedMs;
    private @Nullable ConnectionOutput output;
    private @Nullable ClientConnection client;
    /** What arrived and was not handed over yet. */
    private @Nullable ByteBuf kept;

    ServerConnection(RequestSequencer sequencer, TransportParts parts, long nowMs) {
        this.sequencer = sequencer;
        this.parts = parts;
        this.openedMs = nowMs;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        parts.open().add(this);
        ConnectionOutput created = new ConnectionOutput(
                channel, parts.turnEnd(), parts.writer(), parts.maxPendingBytes(), this::continueReading);
        output = created;
        client = sequencer.onConnected(created, addressOf(channel.remoteAddress()));
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        parts.open().remove(this);
        if (output != null) {
            output.release();
        }
        ByteBuf rest = kept;
        kept = null;
        if (rest != null) {
            rest.release();
        }
        if (client != null) {
            sequencer.onDisconnected(client);
            client = null;
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        ByteBuf before = kept;
        if (before == null) {
            try {
                handOver(arrived);
                if (arrived.isReadable()) {
                    kept = copyOf(arrived);
                }
            } finally {
                arrived.release();
            }
            return;
        }
        try {
            before.discardReadBytes();
            before.writeBytes(arrived);
        } finally {
            arrived.release();
        }
        continueReading();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ConnectionOutput to = output;
        ClientConnection from = client;
        if (to != null && from != null && context.channel().isWritable() && !to.isClosing()) {
            sequencer.onWritable(from);
            to.onWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} broke", context.channel(), cause);
        } else {
            LOG.error("{} is closed: handling its input failed", context.channel(), cause);
        }
        close();
    }

    /** Closes a connection whose client has not said by now what it wants. */
    void onTick(long nowMs) {
        if (client != null && client.awaitsConnect() && nowMs - openedMs > parts.handshakeTimeoutMs()) {
            LOG.info("{} is closed: no connect request within {} ms", client, parts.handshakeTimeoutMs());
            close();
        }
    }

    /** Goes on with what was kept. */
    private void continueReading() {
        ByteBuf rest = kept;
        if (rest == null) {
            return;
        }
        handOver(rest);
        if (!rest.isReadable() && kept != null) {
            kept = null;
            rest.release();
        }
    }

    private static ByteBuf copyOf(ByteBuf arrived) {
        int size = arrived.readableBytes();
        if (size >= LENGTH_BYTES) {
            size = Math.max(size, LENGTH_BYTES + arrived.getInt(arrived.readerIndex()));
        }
        return arrived.alloc().ioBuffer(size).writeBytes(arrived);
    }

    /** Hands over the whole frames of the buffer; leaves in it what has to wait. */
    private void handOver(ByteBuf in) {
        ClientConnection from = client;
        ConnectionOutput to = output;
        if (from == null || to == null) {
            return;
        }
        boolean heard = false;
        while (in.readableBytes() >= LENGTH_BYTES) {
            if (from.isOver() || to.isClosing()) {
                in.skipBytes(in.readableBytes());
                break;
            }
            int length = in.getInt(in.readerIndex());
            if (length <= 0 || length > parts.maxFrameBytes()) {
                LOG.info(
                        "{} is closed: a frame of {} bytes, from 1 to {} are taken",
                        from,
                        length,
                        parts.maxFrameBytes());
                close();
                in.skipBytes(in.readableBytes());
                break;
            }
            if (!mayHandOver(from, to) || in.readableBytes() < LENGTH_BYTES + length) {
                break;
            }
            heard = true;
            in.skipBytes(LENGTH_BYTES);
            onFrame(from, in, length);
        }
        if (heard) {
            sequencer.onActivity(from);
        }
    }

    private static boolean mayHandOver(ClientConnection from, ConnectionOutput to) {
        if (to.isFull()) {
            to.pauseUntilWritable();
            return false;
        }
        return from.awaitsConnect() || from.takesRequests();
    }

    /** Narrows the buffer to the frame, so that no record can read past it, and moves it behind the frame. */
    private void onFrame(ClientConnection from, ByteBuf in, int length) {
        int arrivedEnd = in.writerIndex();
        int frameEnd = in.readerIndex() + length;
        in.writerIndex(frameEnd);
        WireReader reader = parts.reader().reset(in);
        if (from.awaitsConnect()) {
            onConnectFrame(from, reader);
        } else {
            onRequestFrame(from, reader);
        }
        in.setIndex(frameEnd, arrivedEnd);
    }

    private void onConnectFrame(ClientConnection from, WireReader reader) {
        ConnectRequest request;
        try {
            request = ConnectRequest.decode(reader);
        } catch (MalformedRecordException e) {
            LOG.info("A client is sent away: its first frame is no connect request, {}", e.getMessage());
            close();
            return;
        }
        sequencer.onConnectRequest(from, request);
    }

    private void onRequestFrame(ClientConnection from, WireReader reader) {
        if (reader.remaining() < HEADER_BYTES) {
            LOG.info("{} is closed: a frame too short for a request header", from);
            close();
            return;
        }
        int xid = reader.readInt();
        int code = reader.readInt();
        OpCode op = OpCode.of(code);
        if (op == null) {
            onForeignOperation(from, xid, code);
            return;
        }
        Request request;
        try {
            request = Request.decode(op, reader);
        } catch (MalformedRecordException e) {
            LOG.info("A malformed {} of {}: {}", op, from, e.getMessage());
            sequencer.onMalformedRequest(from, xid);
            return;
        }
        sequencer.onRequest(from, xid, request);
    }

    private void onForeignOperation(ClientConnection from, int xid, int code) {
        switch (ForeignOperations.reactionTo(code)) {
            case REFUSE -> sequencer.onUnsupportedRequest(from, xid);
            case REFUSE_AND_CLOSE -> sequencer.onUnknownRequest(from, xid);
            case CLOSE -> {
                LOG.info("{} is closed: operation {} is the server's own", from, code);
                close();
            }
        }
    }

    /** Closes the connection at once. */
    void close() {
        if (output != null) {
            output.close();
        }
    }

    private static String addressOf(SocketAddress remote) {
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : IN_PROCESS_ADDRESS;
    }
}
