package io.coord.verification.simulation;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.data.EventType;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.pipeline.ClientConnection;
import io.coord.server.internal.pipeline.Outbound;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of one connection: what the transport does with sockets, with arrays of bytes. Frames are decoded and
 * encoded by the real codec; replies of one turn leave together.
 */
final class ServerEnd implements Outbound, SimulatedConnection.End {
    private static final long TURN_NS = 10_000;

    private final SimulatedServer server;
    private final RequestSequencer sequencer;
    private final SimulatedConnection connection;
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private final WireWriter writer = new WireWriter(Unpooled.EMPTY_BUFFER);
    private @Nullable ClientConnection client;
    private @Nullable ByteBuf out;
    private boolean closing;
    private boolean over;
    private boolean slow;
    private boolean resumePlanned;
    private long sessionId;

    ServerEnd(SimulatedServer server, RequestSequencer sequencer, SimulatedConnection connection) {
        this.server = server;
        this.sequencer = sequencer;
        this.connection = connection;
    }

    void open() {
        client = sequencer.onConnected(server.mutation().outbound(this), "127.0.0.1");
    }

    /** From now on, or no longer, the client is too slow to take more replies. */
    void setSlow(boolean value) {
        slow = value;
        if (!value && client != null && !over) {
            sequencer.onWritable(client);
            handOver();
            server.endTurn();
        }
    }

    // ---- From the client

    @Override
    public void onBytes(byte[] bytes) {
        int position = 0;
        while (position < bytes.length) {
            int length = new WireReader(Unpooled.wrappedBuffer(bytes, position, Integer.BYTES)).readInt();
            arrived.addLast(Arrays.copyOfRange(bytes, position + Integer.BYTES, position + Integer.BYTES + length));
            position += Integer.BYTES + length;
        }
        handOver();
        server.endTurn();
    }

    @Override
    public void onClosed(String reason) {
        disconnect();
        server.endTurn();
    }

    private void handOver() {
        ClientConnection from = client;
        if (from == null) {
            return;
        }
        boolean heard = false;
        while (!arrived.isEmpty() && !from.isOver() && !closing) {
            byte[] frame = arrived.getFirst();
            if (slow || (!from.awaitsConnect() && !sequencer.takes(from, frame.length))) {
                break;
            }
            arrived.removeFirst();
            heard = true;
            WireReader reader = new WireReader(Unpooled.wrappedBuffer(frame));
            if (from.awaitsConnect()) {
                ConnectRequest request = ConnectRequest.decode(reader);
                sequencer.onConnectRequest(from, request);
            } else {
                int xid = reader.readInt();
                OpCode op = OpCode.of(reader.readInt());
                if (op == null) {
                    throw new IllegalStateException("a client sent an unknown operation");
                }
                sequencer.onRequest(from, xid, Request.decode(op, reader), frame.length);
            }
        }
        if (heard) {
            server.invariants().onContact(server.id(), sessionId);
            sequencer.onActivity(from);
        }
    }

    // ---- From the sequencer

    @Override
    public void connected(ConnectResponse response) {
        if (closing) {
            return;
        }
        sessionId = response.sessionId();
        WireWriter to = begin();
        int mark = to.beginFrame();
        response.encode(to);
        to.endFrame(mark);
        if (sessionId != 0) {
            server.invariants().onContact(server.id(), sessionId);
        }
    }

    @Override
    public long reply(int xid, long zxid, ErrorCode error, @Nullable Response response) {
        if (closing) {
            return 0;
        }
        WireWriter to = begin();
        int mark = to.beginFrame();
        to.writeInt(xid);
        to.writeLong(zxid);
        to.writeInt(error.code());
        if (response != null) {
            response.encode(to);
        }
        to.endFrame(mark);
        return 0;
    }

    @Override
    public int maxResponseBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void event(EventType type, String path, long zxid) {
        if (closing) {
            return;
        }
        WireWriter to = begin();
        int mark = to.beginFrame();
        to.writeInt(Xid.NOTIFICATION);
        to.writeLong(zxid);
        to.writeInt(ErrorCode.OK.code());
        new WatcherEvent(type.code(), WatcherEvent.SYNC_CONNECTED, path).encode(to);
        to.endFrame(mark);
    }

    private WireWriter begin() {
        if (out == null) {
            out = Unpooled.buffer(256);
            writer.reset(out);
            server.dueThisTurn(this);
        }
        return writer;
    }

    void flush() {
        ByteBuf bytes = out;
        out = null;
        if (bytes != null) {
            byte[] sent = new byte[bytes.readableBytes()];
            bytes.readBytes(sent);
            connection.sendToClient(sent);
        }
    }

    @Override
    public void closeAfterReplies() {
        if (!closing) {
            closing = true;
            server.process().in(TURN_NS, () -> {
                flush();
                end("closed by the server");
            });
        }
    }

    @Override
    public void close() {
        if (!closing) {
            closing = true;
            out = null;
            server.process().in(0, () -> end("closed by the server"));
        }
    }

    private void end(String reason) {
        connection.closeByServer(reason);
        disconnect();
        server.endTurn();
    }

    /** The channel is inactive. */
    private void disconnect() {
        ClientConnection ended = client;
        if (!over && ended != null) {
            over = true;
            closing = true;
            out = null;
            server.forget(this);
            sequencer.onDisconnected(ended);
        }
    }

    @Override
    public boolean isFull() {
        return slow;
    }

    @Override
    public void setReading(boolean reading) {
        if (reading && !resumePlanned) {
            resumePlanned = true;
            server.process().in(0, () -> {
                resumePlanned = false;
                handOver();
                server.endTurn();
            });
        }
    }
}
