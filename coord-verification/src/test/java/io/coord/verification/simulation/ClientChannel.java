package io.coord.verification.simulation;

import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connections of a simulated client, one after the other, and their frames: what {@code ConnectionPort} does with Netty. */
final class ClientChannel {
    /** A connection from this side. */
    private final class End implements SimulatedConnection.End {
        final int number;

        @Nullable
        SimulatedConnection connection;

        boolean closed;
        boolean awaitsHandshake;
        final Map<Integer, Request> sent = new HashMap<>();
        final Deque<Request> rearmings = new ArrayDeque<>();

        End(int number) {
            this.number = number;
        }

        @Override
        public void onBytes(byte[] bytes) {
            int position = 0;
            while (position < bytes.length && !closed) {
                int length = new WireReader(Unpooled.wrappedBuffer(bytes, position, Integer.BYTES)).readInt();
                position += Integer.BYTES;
                onFrame(this, new WireReader(Unpooled.wrappedBuffer(bytes, position, length)));
                position += length;
            }
            client.endTurn();
        }

        @Override
        public void onClosed(String reason) {
            if (!closed) {
                closed = true;
                client.core().onConnectionClosed(client.process().nanoTime(), number, reason);
                client.endTurn();
            }
        }
    }

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final WireWriter writer = new WireWriter(Unpooled.EMPTY_BUFFER);
    private @Nullable End end;
    private @Nullable ByteBuf out;

    ClientChannel(SimulatedClient client, SimulatedCluster cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    /** Sends what waits. */
    void flush() {
        ByteBuf bytes = out;
        End open = end;
        out = null;
        if (bytes != null && open != null && open.connection != null) {
            byte[] sent = new byte[bytes.readableBytes()];
            bytes.readBytes(sent);
            open.connection.sendToServer(sent);
        }
    }

    void connect(int connection, int server) {
        End attempt = new End(connection);
        end = attempt;
        cluster.connect(client, server, attempt, opened -> {
            if (attempt.closed) {
                if (opened != null) {
                    opened.closeByClient("given up meanwhile");
                }
            } else if (opened == null) {
                attempt.closed = true;
                client.core().onConnectionClosed(client.process().nanoTime(), connection, "refused");
            } else {
                attempt.connection = opened;
                client.core().onConnected(client.process().nanoTime(), connection);
            }
            client.endTurn();
        });
    }

    void disconnect() {
        flush();
        End open = end;
        end = null;
        if (open != null) {
            open.closed = true;
            if (open.connection != null) {
                open.connection.closeByClient("closed by the client");
            }
            cluster.invariants().onDisconnected(client.id());
        }
    }

    private WireWriter begin() {
        if (out == null) {
            out = Unpooled.buffer(256);
            writer.reset(out);
        }
        return writer;
    }

    void sendConnect(ConnectRequest request) {
        openEnd().awaitsHandshake = true;
        WireWriter to = begin();
        int mark = to.beginFrame();
        request.encode(to);
        to.endFrame(mark);
    }

    private End openEnd() {
        End open = end;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    void send(int xid, Request request) {
        End to = openEnd();
        if (xid > 0) {
            to.sent.put(xid, request);
        } else if (xid == Xid.SET_WATCHES) {
            to.rearmings.addLast(request);
        }
        WireWriter into = begin();
        int mark = into.beginFrame();
        into.writeInt(xid);
        into.writeInt(request.op().code());
        request.encode(into);
        into.endFrame(mark);
        cluster.invariants().onSent(client.id(), xid, request);
    }

    private void onFrame(End from, WireReader in) {
        long now = client.process().nanoTime();
        if (from.awaitsHandshake) {
            from.awaitsHandshake = false;
            ConnectResponse response = ConnectResponse.decode(in);
            if (response.sessionId() != 0) {
                cluster.invariants().onConnected(client.id(), response.sessionId());
            }
            client.trace("gets session 0x" + Long.toHexString(response.sessionId()));
            client.core().onConnectResponse(now, from.number, response);
            return;
        }
        int xid = in.readInt();
        long zxid = in.readLong();
        int error = in.readInt();
        if (xid == Xid.NOTIFICATION) {
            WatcherEvent event = WatcherEvent.decode(in);
            cluster.stats().watchEvents++;
            client.trace("hears " + event.type() + ' ' + event.path() + ' ' + zxid);
            cluster.invariants().onEvent(client.id(), zxid, event);
            client.core().onEvent(now, from.number, zxid, event);
            return;
        }
        Request request = xid == Xid.SET_WATCHES ? from.rearmings.pollFirst() : from.sent.remove(xid);
        OpCode op = client.core().awaitedOp(xid);
        Response response = error == 0 && op != null ? Response.decode(op, in) : null;
        client.trace("reply " + xid + ' ' + zxid + ' ' + error);
        boolean heard = request == null || client.isAwaited(request);
        cluster.invariants().onReply(client.id(), xid, zxid, error, heard ? request : null, heard ? response : null);
        if (request != null && !heard) {
            cluster.invariants().onAbandoned(client.id(), request);
        }
        client.core().onReply(now, from.number, xid, zxid, error, response);
    }
}
