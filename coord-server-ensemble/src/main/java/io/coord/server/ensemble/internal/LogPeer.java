package io.coord.server.ensemble.internal;

import io.coord.server.ensemble.internal.LogConnection.Frame;
import io.coord.server.ensemble.internal.LogConnection.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;
import org.jspecify.annotations.Nullable;

/**
 * This member's connections to the log of another one. A call takes one for itself, so that a vote does not wait behind entries that are
 * being synced. Thread-safe; calls block.
 */
final class LogPeer implements Closeable {
    /** Makes a connection that has said who this member is. */
    @FunctionalInterface
    interface Connector {
        LogConnection connect() throws IOException;
    }

    private static final int MOST_IDLE = 4;

    private final Connector connector;
    private final Deque<LogConnection> idle = new ArrayDeque<>();
    private final Set<LogConnection> open = new HashSet<>();
    private boolean closed;

    LogPeer(Connector connector) {
        this.connector = connector;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws TimeoutIOException when there is none in time
     * @throws InterruptedIOException when the calling thread was interrupted; the connection is given up
     * @throws IOException when the connection broke, or the other member says why it has no answer. Whether it has done what it was asked
     *     for is unknown
     */
    <T> T call(Kind kind, MessageLite request, Parser<T> parser) throws IOException {
        @Nullable LogConnection used = takeIdle();
        if (used != null) {
            try {
                return call(used, kind, request, parser);
            } catch (TimeoutIOException | InterruptedIOException | AnsweredException e) {
                throw e;
            } catch (IOException e) {
                // The other member may have been started again since; then all of them are of no use.
                closeIdle();
                if (kind == Kind.INSTALL_SNAPSHOT) {
                    // A part must not be sent twice.
                    throw e;
                }
            }
        }
        return call(connect(), kind, request, parser);
    }

    /** The other member has answered, and so is not asked again. */
    private static final class AnsweredException extends IOException {
        AnsweredException(String reason) {
            super(reason);
        }
    }

    private <T> T call(LogConnection connection, Kind kind, MessageLite request, Parser<T> parser) throws IOException {
        Frame answer;
        try {
            connection.send(kind, request);
            answer = connection.receive();
        } catch (SocketTimeoutException e) {
            giveUp(connection);
            throw new TimeoutIOException("no answer in time", e);
        } catch (IOException | RuntimeException e) {
            giveUp(connection);
            if (Thread.currentThread().isInterrupted()) {
                InterruptedIOException interrupted = new InterruptedIOException("interrupted in a call");
                interrupted.initCause(e);
                throw interrupted;
            }
            throw e;
        }
        giveBack(connection);
        return switch (answer.kind()) {
            case ANSWER -> parser.parseFrom(answer.body());
            case FAILURE -> throw new AnsweredException(answer.text());
            default -> throw new AnsweredException("a frame of the kind " + answer.kind() + " where an answer was due");
        };
    }

    private LogConnection connect() throws IOException {
        LogConnection connection = connector.connect();
        synchronized (this) {
            if (!closed) {
                open.add(connection);
                return connection;
            }
        }
        connection.close();
        throw new IOException("this member is being closed");
    }

    private synchronized @Nullable LogConnection takeIdle() {
        return idle.pollLast();
    }

    private void giveBack(LogConnection connection) throws IOException {
        synchronized (this) {
            if (!closed && idle.size() < MOST_IDLE) {
                idle.addLast(connection);
                return;
            }
        }
        giveUp(connection);
    }

    private void giveUp(LogConnection connection) throws IOException {
        synchronized (this) {
            open.remove(connection);
        }
        connection.close();
    }

    /** The other member is another process now, perhaps. */
    private void closeIdle() throws IOException {
        while (true) {
            @Nullable LogConnection next = takeIdle();
            if (next == null) {
                return;
            }
            giveUp(next);
        }
    }

    /** Ends the calls that are being made, too. */
    @Override
    public void close() throws IOException {
        Set<LogConnection> all;
        synchronized (this) {
            closed = true;
            all = Set.copyOf(open);
            open.clear();
            idle.clear();
        }
        for (LogConnection each : all) {
            each.close();
        }
    }
}
