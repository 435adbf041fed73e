package io.coord.client.internal.session;

import io.coord.client.internal.channel.FrameHandler;
import io.coord.client.internal.channel.FrameListener;
import io.coord.client.internal.channel.WritabilityProbe;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.Connector;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link SessionCore} wants and tells it what arrives: records to frames and back, one connection at a
 * time, and one log line for each change of state. Owned by the network thread.
 */
final class ConnectionPort implements SessionPort, FrameListener {
    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);

    /** {@code jute.maxbuffer} of a server that was not told otherwise. */
    private static final int MAX_REQUEST_BYTES = 0xfffff;

    /** ZooKeeper's have 16. */
    private static final int MAX_PASSWORD_BYTES = 1_024;

    private final EventLoop loop;
    private final Connector connector;
    private final SessionBoard board;
    private final ClientMetrics metrics;
    private final Runnable endTurn;
    private final Runnable onClosed;
    private final WireReader reader = new WireReader(Unpooled.EMPTY_BUFFER);
    private @Nullable SessionCore core;
    private @Nullable FrameHandler frames;
    private boolean awaitingHandshake;
    private boolean warned;
    /** Of the frame that is being told to the core. */
    private int responseBytes;

    private @Nullable Response response;
    /** The frame that is being read is certainly no answer to a call. */
    private boolean unsolicited;

    /**
     * @param endTurn called when a turn is over that began with something from the network
     */
    ConnectionPort(EventLoop loop, Connector connector, SessionBoard board, Runnable endTurn, Runnable onClosed) {
        this.loop = loop;
        this.connector = connector;
        this.board = board;
        this.metrics = board.metrics();
        this.endTurn = endTurn;
        this.onClosed = onClosed;
    }

    /** Whom to tell; before anything else. */
    void drive(SessionCore driven) {
        this.core = driven;
    }

    private SessionCore core() {
        SessionCore driven = core;
        if (driven == null) {
            throw new IllegalStateException("not started");
        }
        return driven;
    }

    private FrameHandler frames() {
        FrameHandler open = frames;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    // ---- From the core ----

    @Override
    public String describe(ServerAddress server) {
        return connector.describe(server);
    }

    @Override
    public void connect(int connection, ServerAddress server, long timeoutNs) {
        FrameHandler attempt = new FrameHandler(connection, core().maxResponseBytes(), this);
        frames = attempt;
        // On the next turn: a connector may answer, or throw, before it returns, and the core must not be called back
        // here.
        loop.execute(() -> {
            if (!attempt.isClosed()) {
                open(connection, server, timeoutNs, attempt);
            }
        });
    }

    private void open(int connection, ServerAddress server, long timeoutNs, FrameHandler attempt) {
        Future<Channel> opening;
        try {
            opening = connector.connect(loop, server, Duration.ofNanos(timeoutNs), attempt);
        } catch (RuntimeException e) {
            opening = loop.newFailedFuture(e);
        }
        opening.addListener((Future<Channel> done) -> onAttempt(connection, attempt, done));
    }

    private void onAttempt(int connection, FrameHandler attempt, Future<Channel> done) {
        if (done.isSuccess()) {
            attempt.open(done.getNow());
            if (attempt.isClosed()) {
                // Given up meanwhile.
                attempt.close();
                return;
            }
            core().onConnected(System.nanoTime(), connection);
        } else if (!attempt.isClosed()) {
            core().onConnectionClosed(System.nanoTime(), connection, describe(done.cause()));
        }
        endTurn.run();
    }

    @Override
    public void askWhetherWritable(ServerAddress asked, long timeoutNs) {
        WritabilityProbe probe = new WritabilityProbe(() -> {
            core().onWritableServer(asked);
            endTurn.run();
        });
        Future<Channel> opening;
        try {
            opening = connector.connect(loop, asked, Duration.ofNanos(timeoutNs), probe);
        } catch (RuntimeException e) {
            log.debug("{} cannot be asked whether it takes writes: {}", asked, e.getMessage());
            return;
        }
        opening.addListener((Future<Channel> done) -> {
            if (done.isSuccess()) {
                Channel connected = done.getNow();
                probe.open(connected);
                loop.schedule(() -> connected.close(), timeoutNs, TimeUnit.NANOSECONDS);
            }
        });
    }

    private static String describe(@Nullable Throwable cause) {
        return cause == null ? "cancelled" : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    @Override
    public void disconnect() {
        FrameHandler open = frames;
        frames = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void sendConnect(ConnectRequest request) {
        awaitingHandshake = true;
        WireWriter out = frames().writer();
        int mark = out.beginFrame();
        request.encode(out);
        out.endFrame(mark);
    }

    @Override
    public int send(int xid, Request request) {
        FrameHandler to = frames();
        WireWriter out = to.writer();
        int start = to.gathered();
        int mark = out.beginFrame();
        try {
            out.writeInt(xid);
            out.writeInt(request.op().code());
            request.encode(out);
        } catch (RuntimeException e) {
            // Half a frame would take the rest of the connection's bytes with it.
            to.truncate(start);
            throw e;
        }
        out.endFrame(mark);
        int bytes = to.gathered() - start - Integer.BYTES;
        if (bytes > MAX_REQUEST_BYTES) {
            to.truncate(start);
        } else {
            metrics.onBytesSent(bytes);
        }
        return bytes;
    }

    @Override
    public int maxRequestBytes() {
        return MAX_REQUEST_BYTES;
    }

    @Override
    public boolean isWritable() {
        return frames().isWritable();
    }

    void flush() {
        FrameHandler open = frames;
        if (open != null) {
            open.flush();
        }
    }

    @Override
    public void onLeaseStarted(long sessionId, long generation, long endNs) {
        board.startLease(sessionId, generation, endNs);
    }

    @Override
    public void onLeaseRenewed(long endNs) {
        board.renewLease(endNs);
    }

    @Override
    public void onLeaseEnded() {
        board.endLease();
    }

    @Override
    public void onStateChanged(SessionState before, SessionState after, SessionEvent event, String reason) {
        warned = false;
        String session = "0x" + Long.toHexString(event.sessionId());
        switch (after) {
            case LOST -> log.warn("Session {} {}: {}", session, after, reason);
            case CONNECTING, CONNECTED, READ_ONLY, SUSPENDED, CLOSED ->
                log.info("Session {} {}: {}", session, event.type(), reason);
        }
        board.change(before, after, event);
    }

    @Override
    public void onAttemptFailed(ServerAddress server, String reason, int failedRounds) {
        if (failedRounds > 0 && !warned) {
            warned = true;
            log.warn("No server can be reached, trying on; the last was {}: {}", describe(server), reason);
        } else {
            log.debug("No connection to {}: {}", describe(server), reason);
        }
    }

    @Override
    public void onCallCompleted(Call call, ClientMetrics.Outcome outcome, long nowNs) {
        boolean isAnswered = outcome == ClientMetrics.Outcome.SUCCESS || call.error != 0;
        board.tellCompleted(call, outcome, nowNs, isAnswered ? responseBytes : 0, isAnswered ? children(response) : -1);
    }

    private static int children(@Nullable Response response) {
        if (response instanceof GetChildrenResponse list) {
            return list.children().size();
        }
        return response instanceof GetChildren2Response list ? list.children().size() : -1;
    }

    @Override
    public void onCallThrew(Call call, RuntimeException bug) {
        log.error("Handling the answer to {} failed", call, bug);
    }

    @Override
    public void onWarning(String message) {
        log.warn("{}", message);
    }

    @Override
    public void onClosed() {
        onClosed.run();
    }

    // ---- From the connection ----

    @Override
    public void onFrame(int connection, ByteBuf frame) {
        WireReader in = reader.reset(frame);
        unsolicited = false;
        responseBytes = frame.readableBytes();
        metrics.onBytesReceived(responseBytes);
        long now = System.nanoTime();
        if (awaitingHandshake) {
            awaitingHandshake = false;
            core().onConnectResponse(now, connection, readHandshake(in));
            return;
        }
        int xid = in.readInt();
        unsolicited = xid < 0;
        long zxid = in.readLong();
        int error = in.readInt();
        if (xid == Xid.NOTIFICATION) {
            core().onEvent(now, connection, zxid, readEvent(in));
            return;
        }
        OpCode op = core().awaitedOp(xid);
        Response answer = error == 0 && op != null ? Response.decode(op, in) : null;
        response = answer;
        core().onReply(now, connection, xid, zxid, error, answer);
        response = null;
    }

    private static ConnectResponse readHandshake(WireReader in) {
        ConnectResponse response = ConnectResponse.decode(in);
        byte[] password = response.passwd();
        if (password != null && password.length > MAX_PASSWORD_BYTES) {
            // It would go back with each attempt to reconnect.
            throw new MalformedRecordException("a handshake with a password of " + password.length + " bytes");
        }
        return response;
    }

    private static WatcherEvent readEvent(WireReader in) {
        WatcherEvent event = WatcherEvent.decode(in);
        if (!event.path().startsWith(ZnodePath.ROOT)) {
            throw new MalformedRecordException("an event about the path \"" + event.path() + '"');
        }
        return event;
    }

    @Override
    public boolean onTooLong(int connection, ByteBuf header, int length) {
        WireReader in = reader.reset(header);
        int xid = in.readInt();
        unsolicited = xid < 0;
        long zxid = in.readLong();
        if (awaitingHandshake || xid < 0) {
            return false;
        }
        core().onTooLongReply(System.nanoTime(), connection, xid, zxid, length);
        return true;
    }

    @Override
    public void onTurnEnd(int connection) {
        endTurn.run();
    }

    @Override
    public void onUnreadable(int connection, String reason) {
        core().onUnreadable(System.nanoTime(), connection, !unsolicited, reason);
        unsolicited = false;
        endTurn.run();
    }

    @Override
    public void onClosed(int connection, String reason) {
        core().onConnectionClosed(System.nanoTime(), connection, reason);
        endTurn.run();
    }
}
