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
    private static final long MS = 1_000_000;
    private static final long LOOK_NS = SimulatedServer.TICK_MS * MS * 5 / 4;
    /** More than this waiting for one client: no further replies until it has taken them. */
    private static final int FULL_BYTES = 600;

    /** For how long a client that is to be cut off may take its last replies. */
    private static final long LAST_WORDS_NS = 5_000 * MS;

    private final SimulatedServer server;
    private final RequestSequencer sequencer;
    private final SimulatedConnection connection;
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private final WireWriter writer = new WireWriter(Unpooled.EMPTY_BUFFER);
    private @Nullable ClientConnection client;
    private @Nullable ByteBuf out;
    private boolean closing;
    private boolean over;
    /** What a client that is too slow has not taken yet, in pieces as they would have left. */
    private final Deque<byte[]> untaken = new ArrayDeque<>();

    private int untakenBytes;
    private long takenBytes;
    private boolean slow;
    private boolean blocked;
    private boolean closeWhenTaken;
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

    /** From now on the client takes nothing but what {@link #take} says. */
    void becomeSlow() {
        slow = true;
    }

    boolean isSlow() {
        return slow && !over;
    }

    /** The slow client takes one piece of what waits for it. */
    void take() {
        if (!over && !untaken.isEmpty()) {
            if (blocked) {
                reportWhenSeen();
            }
            server.stats().slowPieces++;
            takeNext();
            onTaken();
        }
    }

    /** The server looks once a tick; it has seen nothing of a connection that ended, or was read again, before that. */
    private void reportWhenSeen() {
        long takenNs = server.invariants().nowNs();
        server.process().in(LOOK_NS, () -> {
            if (blocked && !over) {
                server.invariants().onContactAt(server.id(), sessionId, takenNs);
            }
        });
    }

    /** It takes everything, as others do. */
    void becomeQuick() {
        slow = false;
        if (!over) {
            while (!untaken.isEmpty()) {
                takeNext();
            }
            onTaken();
        }
    }

    private void takeNext() {
        byte[] piece = untaken.removeFirst();
        untakenBytes -= piece.length;
        takenBytes += piece.length;
        connection.sendToClient(piece);
    }

    private void onTaken() {
        ClientConnection from = client;
        if (closeWhenTaken && untaken.isEmpty()) {
            end("closed by the server");
        } else if (from != null && !closing && untakenBytes <= FULL_BYTES / 2) {
            sequencer.onWritable(from);
            blocked = false;
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
            if (isFull()) {
                blocked = true;
                server.stats().blockedReads++;
                break;
            }
            if (blocked || (!from.awaitsConnect() && !sequencer.takes(from, frame.length))) {
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
            untaken.addLast(sent);
            untakenBytes += sent.length;
            if (!slow) {
                takeNext();
            }
        }
    }

    @Override
    public void closeAfterReplies() {
        if (!closing) {
            closing = true;
            server.process().in(TURN_NS, () -> {
                flush();
                if (untaken.isEmpty()) {
                    end("closed by the server");
                } else {
                    closeWhenTaken = true;
                    server.process().in(LAST_WORDS_NS, () -> end("closed by the server"));
                }
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
        return untakenBytes > FULL_BYTES;
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public long takenBytes() {
        return takenBytes;
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
