package io.coord.server.ensemble.internal;

import io.coord.server.ensemble.internal.LogConnection.Frame;
import io.coord.server.ensemble.internal.LogConnection.Kind;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's first port: answers what other members ask of its log. One thread accepts, {@code coord-ensemble-log}, and each connection has
 * one that reads; entries are answered by the thread that has synced them.
 */
final class LogListener implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(LogListener.class);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final RaftServer server;
    private final LogSockets sockets;
    private final RaftGroupId group;
    private final UUID ensemble;
    private final ServerSocketChannel listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param listening it ends with this */
    LogListener(
            RaftServer server, LogSockets sockets, ServerSocketChannel listening, RaftGroupId group, UUID ensemble) {
        this.server = server;
        this.sockets = sockets;
        this.group = group;
        this.ensemble = ensemble;
        this.listening = listening;
        thread("coord-ensemble-log", this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.socket().getLocalSocketAddress();
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                SocketChannel accepted = listening.accept();
                open.add(accepted.socket());
                thread("coord-ensemble-log-" + accepted.socket().getPort(), () -> serve(accepted.socket()));
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("Cannot accept a connection for the log", e);
                    // Too many open files, perhaps: it would only be said again at once.
                    LockSupport.parkNanos(AGAIN_NANOS);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                LogConnection connection = sockets.accepted(socket)) {
            // Any member: this one may have been away when it came.
            connection.receiveHello(ensemble);
            while (!closed) {
                answer(connection, connection.receive());
            }
        } catch (EOFException e) {
            LOG.debug("A connection for the log was closed", e);
        } catch (IOException e) {
            if (!closed) {
                LOG.info(
                        "The connection for the log from {} is closed: {}",
                        socket.getRemoteSocketAddress(),
                        e.getMessage());
                LOG.debug("It was closed because of", e);
            }
        } finally {
            open.remove(socket);
        }
    }

    private void answer(LogConnection connection, Frame frame) throws IOException {
        try {
            switch (frame.kind()) {
                case VOTE ->
                    connection.send(Kind.ANSWER, server.requestVote(RequestVoteRequestProto.parseFrom(frame.body())));
                case INSTALL_SNAPSHOT ->
                    connection.send(
                            Kind.ANSWER, server.installSnapshot(InstallSnapshotRequestProto.parseFrom(frame.body())));
                case START_ELECTION ->
                    connection.send(
                            Kind.ANSWER,
                            server.startLeaderElection(StartLeaderElectionRequestProto.parseFrom(frame.body())));
                // The server's own method would hand over to a pool.
                case APPEND ->
                    ((RaftServerAsynchronousProtocol) server.getDivision(group))
                            .appendEntriesAsync(AppendEntriesRequestProto.parseFrom(frame.body()))
                            .whenComplete((reply, failure) -> answerAppend(connection, reply, failure));
                case ANSWER, FAILURE -> throw new IOException("a frame of the kind " + frame.kind() + ", unasked for");
            }
        } catch (IOException | RuntimeException e) {
            fail(connection, e);
        }
    }

    private static void answerAppend(
            LogConnection connection, @Nullable AppendEntriesReplyProto reply, @Nullable Throwable failure) {
        try {
            if (reply == null) {
                fail(connection, failure);
            } else {
                connection.send(Kind.ANSWER, reply);
            }
        } catch (IOException e) {
            LOG.debug("{} did not take the answer", connection.remote(), e);
            try {
                connection.close();
            } catch (IOException again) {
                LOG.debug("{} cannot be closed", connection.remote(), again);
            }
        }
    }

    private static void fail(LogConnection connection, @Nullable Throwable failure) throws IOException {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        connection.sendFailure(String.valueOf(cause));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
