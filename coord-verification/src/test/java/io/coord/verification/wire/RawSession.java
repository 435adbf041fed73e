package io.coord.verification.wire;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;

/** A session over a {@link RawConnection}. Nothing pings: a session that is silent expires. */
public final class RawSession implements AutoCloseable {
    public static final int TIMEOUT_MS = 10_000;

    private static final int PING_XID = -2;
    private static final int AUTH_XID = -4;
    private static final int SET_WATCHES_XID = -8;

    private final RawConnection connection;
    private final ConnectResponse handshake;
    private final List<Frame> events = new ArrayList<>();
    private int lastXid;

    private RawSession(RawConnection connection, ConnectResponse handshake) {
        this.connection = connection;
        this.handshake = handshake;
    }

    public static RawSession open(int port) {
        return open(port, TIMEOUT_MS);
    }

    public static RawSession open(int port, int timeoutMs) {
        return connect(port, new ConnectRequest(0, 0, timeoutMs, 0, new byte[16], false));
    }

    /** Comes back to a session through a new connection. */
    public static RawSession reattach(int port, RawSession earlier, long lastZxidSeen) {
        return connect(
                port,
                new ConnectRequest(0, lastZxidSeen, earlier.timeoutMs(), earlier.id(), earlier.password(), false));
    }

    public static RawSession connect(int port, ConnectRequest request) {
        RawConnection connection = RawConnection.open(port);
        try {
            return new RawSession(connection, connection.connect(request));
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    public RawConnection connection() {
        return connection;
    }

    public long id() {
        return handshake.getSessionId();
    }

    public byte[] password() {
        return handshake.getPasswd();
    }

    /** As negotiated; 0 when the server refused the session. */
    public int timeoutMs() {
        return handshake.getTimeOut();
    }

    /** Sends without waiting; answers the xid. */
    public int send(Operation operation) {
        lastXid++;
        send(lastXid, operation);
        return lastXid;
    }

    public void send(int xid, Operation operation) {
        connection.sendFrame(RawConnection.request(xid, operation.code(), operation.body()));
    }

    /** Sends and waits for the reply; watch events on the way are kept for {@link #takeEvents}. */
    public Frame call(Operation operation) {
        return awaitReply(send(operation));
    }

    /** As {@link #call}, and fails unless the server answered OK. */
    public Frame ok(Operation operation) {
        Frame reply = call(operation);
        if (reply.error() != 0) {
            throw new AssertionError("error " + reply.error() + " to operation " + operation.code());
        }
        return reply;
    }

    public Frame ping() {
        send(PING_XID, Operation.ping());
        return awaitReply(PING_XID);
    }

    public Frame authenticate(String scheme, byte[] auth) {
        send(AUTH_XID, Operation.auth(scheme, auth));
        return awaitReply(AUTH_XID);
    }

    public Frame setWatches(Operation setWatches) {
        send(SET_WATCHES_XID, setWatches);
        return awaitReply(SET_WATCHES_XID);
    }

    /** The next frame, event or reply. */
    public Frame receive() {
        return connection.receive();
    }

    /** Reads up to the next frame that is no event and checks that it answers the given xid. */
    public Frame awaitReply(int xid) {
        while (true) {
            Frame frame = connection.receive();
            if (!frame.isEvent()) {
                if (frame.xid() != xid) {
                    throw new AssertionError("expected the reply to " + xid + ", got " + frame);
                }
                return frame;
            }
            events.add(frame);
        }
    }

    /** Reads until so many events have come, then takes them all. */
    public List<Frame> awaitEvents(int count) {
        while (events.size() < count) {
            Frame frame = connection.receive();
            if (!frame.isEvent()) {
                throw new AssertionError("expected an event, got " + frame);
            }
            events.add(frame);
        }
        return takeFrames();
    }

    /** The events so far; a ping's round trip first makes sure that those already on their way are among them. */
    public List<String> takeEvents() {
        ping();
        return takeFrames().stream().map(Frame::event).toList();
    }

    /** The events so far, without asking the server. */
    public List<Frame> takeFrames() {
        List<Frame> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Ends the session at the server, then the connection. */
    public void endSession() {
        call(Operation.closeSession());
        close();
    }

    /** Drops the connection; the session lives on until it expires. */
    @Override
    public void close() {
        connection.close();
    }
}
