package io.coord.server.internal.transport;

import io.coord.protocol.OpCode;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.server.internal.pipeline.ClientConnection;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.tls.PeerCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.local.LocalChannel;
import java.io.IOException;
import java.net.InetAddress;
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
    /** Of a client that nobody knows yet, no more than a connect request is taken. */
    private static final int MAX_CONNECT_BYTES = 1_024;

    private static final int LEAST_KEPT_BYTES = 256;
    /** What a connection begins with that speaks TLS, where a frame begins with its length. */
    private static final int TLS_HANDSHAKE = 22;

    private final RequestSequencer sequencer;
    private final TransportParts parts;
    private final Entrance entrance;
    private final long openedMs;
    private @Nullable ConnectionOutput output;
    private @Nullable ClientConnection client;
    /** What arrived and was not handed over yet. */
    private @Nullable ByteBuf kept;
    /** Where a socket comes from, if it was let in. */
    private @Nullable InetAddress address;
    /** Frames, and words. */
    private long received;

    ServerConnection(RequestSequencer sequencer, TransportParts parts, Entrance entrance, long nowMs) {
        this.sequencer = sequencer;
        this.parts = parts;
        this.entrance = entrance;
        this.openedMs = nowMs;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        InetAddress from = addressOf(channel.remoteAddress());
        if (from != null) {
            if (!parts.addresses().enter(from)) {
                parts.metrics().connectionsRejected.increment();
                channel.close();
                return;
            }
            address = from;
            if (entrance == Entrance.PLAIN) {
                parts.metrics().onWithoutTls(from);
            }
        }
        parts.open().add(this);
        if (channel instanceof LocalChannel) {
            channel.config()
                    .setAllocator(new InProcessBuffers(
                            channel.eventLoop(), ConnectionOutput.FULL_BYTES / 2, this::onTakenInProcess));
        }
        ConnectionOutput created = new ConnectionOutput(channel, parts, this::resumeReading);
        output = created;
        client = sequencer.onConnected(created, from == null ? IN_PROCESS_ADDRESS : from.getHostAddress());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        parts.open().remove(this);
        if (output != null && !output.isClosing()) {
            parts.metrics().connectionsDropped.increment();
        }
        if (address != null) {
            parts.addresses().leave(address);
            address = null;
        }
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
                    keep(arrived);
                }
            } finally {
                arrived.release();
            }
            return;
        }
        try {
            before.discardReadBytes();
            int more = arrived.readableBytes();
            before.writeBytes(arrived);
            parts.budget().onBuffered(more);
        } finally {
            arrived.release();
        }
        continueReading();
    }

    /** Comes before the client's first byte. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof PeerCertificate shown && client != null) {
            sequencer.onCertificate(client, shown.certificate());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            onCaughtUp();
        }
        context.fireChannelWritabilityChanged();
    }

    private void onCaughtUp() {
        ConnectionOutput to = output;
        ClientConnection from = client;
        if (to != null && from != null && !to.isClosing()) {
            sequencer.onWritable(from);
            to.onWritable();
        }
    }

    /** A task of its own, so nobody else hears of a failure. */
    private void onTakenInProcess() {
        try {
            onCaughtUp();
        } catch (RuntimeException | Error e) {
            close();
            LOG.error("{} is closed: answering it failed", client, e);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close();
        if (cause instanceof IOException) {
            LOG.debug("{} broke", context.channel(), cause);
        } else {
            LOG.error("{} is closed: handling its input failed", context.channel(), cause);
        }
    }

    /** Closes a connection whose client has not said by now what it wants. */
    void onTick(long nowMs) {
        ClientConnection from = client;
        if (from != null
                && from.awaitsConnect()
                && nowMs - openedMs > parts.limits().handshakeTimeoutMs()) {
            parts.metrics().sessionlessExpired.increment();
            complain(
                    "{} is closed: no connect request within {} ms",
                    from,
                    parts.limits().handshakeTimeoutMs());
            close();
        }
    }

    /** What it holds in memory, of both directions. */
    long bufferedBytes() {
        long incoming = kept == null ? 0 : kept.readableBytes();
        return output == null ? incoming : incoming + output.pendingBytes();
    }

    ConnectionInfo info() {
        ClientConnection from = client;
        ConnectionOutput to = output;
        if (from == null || to == null) {
            throw new IllegalStateException("a connection that is not open");
        }
        return new ConnectionInfo(
                to.remoteAddress(),
                to.interestOps(),
                from.queuedRequests(),
                received,
                to.frames(),
                from.establishedMs(),
                entrance == Entrance.SECURE,
                from.activity());
    }

    void resetStatistics() {
        received = 0;
        if (output != null && client != null) {
            output.resetFrames();
            client.resetStatistics();
        }
    }

    @Override
    public String toString() {
        return String.valueOf(client);
    }

    /** A task of its own, so nobody else hears of a failure. */
    private void resumeReading() {
        try {
            continueReading();
        } catch (RuntimeException | Error e) {
            close();
            LOG.error("{} is closed: handling its input failed", client, e);
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

    /** The buffer grows with what comes, not with what the client says will come. */
    private void keep(ByteBuf arrived) {
        int bytes = arrived.readableBytes();
        kept = arrived.alloc().ioBuffer(Math.max(LEAST_KEPT_BYTES, bytes)).writeBytes(arrived);
        parts.budget().onBuffered(bytes);
    }

    /** Hands over the whole frames of the buffer; leaves in it what has to wait. */
    private void handOver(ByteBuf in) {
        ClientConnection from = client;
        ConnectionOutput to = output;
        if (from == null || to == null) {
            return;
        }
        boolean heard = false;
        sequencer.onInput();
        while (in.readableBytes() >= LENGTH_BYTES) {
            if (from.isOver() || to.isClosing()) {
                in.skipBytes(in.readableBytes());
                break;
            }
            int length = in.getInt(in.readerIndex());
            int most = from.awaitsConnect() ? MAX_CONNECT_BYTES : parts.limits().maxFrameBytes();
            if (length <= 0 || length > most) {
                if (from.awaitsConnect() && length >>> 24 == TLS_HANDSHAKE) {
                    complain("{} is closed: it speaks TLS, and this port is plain", from);
                    close();
                    in.skipBytes(in.readableBytes());
                    break;
                }
                int argumentBytes = from.awaitsConnect() ? parts.words().argumentBytes(length) : FirstWords.NO_WORD;
                if (argumentBytes != FirstWords.NO_WORD) {
                    onWord(from, to, argumentBytes, in);
                    break;
                }
                if (length > most) {
                    parts.metrics().largeRequestsRejected.increment();
                }
                complain("{} is closed: a frame of {} bytes, from 1 to {} are taken", from, length, most);
                close();
                in.skipBytes(in.readableBytes());
                break;
            }
            if (in.readableBytes() < LENGTH_BYTES + length || !mayHandOver(from, to, length)) {
                break;
            }
            heard = true;
            onReceived(LENGTH_BYTES + length);
            in.skipBytes(LENGTH_BYTES);
            onFrame(from, in, length);
        }
        if (heard) {
            sequencer.onActivity(from);
        }
    }

    private void onReceived(int bytes) {
        received++;
        parts.metrics().packetsReceived.increment();
        parts.metrics().bytesReceived.add(bytes);
    }

    /** Waits for what belongs to the word. Behind it nothing is read, not even that the sender has said all he wanted. */
    private void onWord(ClientConnection from, ConnectionOutput to, int argumentBytes, ByteBuf in) {
        if (in.readableBytes() < LENGTH_BYTES + argumentBytes) {
            return;
        }
        onReceived(LENGTH_BYTES);
        int word = in.readInt();
        long argument = argumentBytes == 0 ? 0 : in.readLong();
        in.skipBytes(in.readableBytes());
        sequencer.onWord(from);
        to.setReading(false);
        parts.words().onWord(word, argument, to.remoteAddress(), to::sendTextAndClose);
    }

    private boolean mayHandOver(ClientConnection from, ConnectionOutput to, int length) {
        if (to.isFull()) {
            to.pauseUntilWritable();
            return false;
        }
        return from.awaitsConnect() || sequencer.takes(from, length);
    }

    /** Narrows the buffer to the frame, so that no record can read past it, and moves it behind the frame. */
    private void onFrame(ClientConnection from, ByteBuf in, int length) {
        int arrivedEnd = in.writerIndex();
        int frameEnd = in.readerIndex() + length;
        in.writerIndex(frameEnd);
        try {
            WireReader reader = parts.reader().reset(in);
            if (from.awaitsConnect()) {
                onConnectFrame(from, reader);
            } else {
                onRequestFrame(from, reader, length);
            }
        } finally {
            in.setIndex(frameEnd, arrivedEnd);
        }
    }

    private void onConnectFrame(ClientConnection from, WireReader reader) {
        ConnectRequest request;
        try {
            request = ConnectRequest.decode(reader);
        } catch (MalformedRecordException e) {
            complain("A client is sent away: its first frame is no connect request, {}", e.getMessage());
            close();
            return;
        }
        sequencer.onConnectRequest(from, request);
    }

    private void onRequestFrame(ClientConnection from, WireReader reader, int length) {
        if (reader.remaining() < HEADER_BYTES) {
            complain("{} is closed: a frame too short for a request header", from);
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
            complain("A malformed {} of {}: {}", op, from, e.getMessage());
            sequencer.onMalformedRequest(from, xid);
            return;
        }
        sequencer.onRequest(from, xid, request, length);
    }

    private void onForeignOperation(ClientConnection from, int xid, int code) {
        switch (ForeignOperations.reactionTo(code)) {
            case REFUSE_AND_CLOSE -> sequencer.onUnknownRequest(from, xid);
            case CLOSE -> {
                complain("{} is closed: operation {} is the server's own", from, code);
                close();
            }
        }
    }

    /** Whoever sends this can send as much of it as he likes. */
    private void complain(String format, @Nullable Object... arguments) {
        if (parts.complaints().permits()) {
            LOG.info(format, arguments);
        } else {
            LOG.debug(format, arguments);
        }
    }

    /** Closes the connection at once. */
    void close() {
        if (output != null) {
            output.close();
        }
    }

    private static @Nullable InetAddress addressOf(SocketAddress remote) {
        return remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }
}
