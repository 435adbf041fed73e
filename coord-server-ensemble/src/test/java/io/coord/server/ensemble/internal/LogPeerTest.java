package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.server.ensemble.internal.LogConnection.Frame;
import io.coord.server.ensemble.internal.LogConnection.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls between two members over real sockets; the other one is a thread of the test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogPeerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final UUID ENSEMBLE = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final int MOST_BYTES = 1 << 16;
    private static final int FROM = 7;
    private static final long NEVER = 666;

    private final List<LogConnection> accepted = new CopyOnWriteArrayList<>();
    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private ServerSocketChannel listening;
    private volatile int answerTimeoutMs = 20_000;
    private LogPeer peer;

    @BeforeEach
    void start() throws IOException {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        thread(this::accept);
        peer = new LogPeer(this::connect);
    }

    @AfterEach
    void stop() throws IOException {
        never.countDown();
        peer.close();
        listening.close();
        for (LogConnection each : accepted) {
            each.close();
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "other-member");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                LogConnection connection = new LogConnection(listening.accept().socket(), MOST_BYTES);
                accepted.add(connection);
                thread(() -> serve(connection));
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    /** Answers each call with its own number; -1 gets a reason instead, {@link #NEVER} nothing. */
    private void serve(LogConnection connection) {
        try {
            connection.receiveHello(ENSEMBLE);
            while (true) {
                Frame frame = connection.receive();
                long call = RaftRpcRequestProto.parseFrom(frame.body()).getCallId();
                asked.add(call);
                if (call == -1) {
                    connection.sendFailure("it is not ready");
                } else if (call == NEVER) {
                    never.await(60, TimeUnit.SECONDS);
                } else {
                    connection.send(
                            Kind.ANSWER,
                            RaftRpcReplyProto.newBuilder().setCallId(call).build());
                }
            }
        } catch (IOException | InterruptedException e) {
            close(connection);
        }
    }

    private static void close(LogConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private LogConnection connect() throws IOException {
        Socket socket = SocketChannel.open(listening.getLocalAddress()).socket();
        socket.setSoTimeout(answerTimeoutMs);
        LogConnection connection = new LogConnection(socket, MOST_BYTES);
        connection.sendHello(ENSEMBLE, FROM);
        return connection;
    }

    private long call(Kind kind, long call) throws IOException {
        RaftRpcRequestProto request =
                RaftRpcRequestProto.newBuilder().setCallId(call).build();
        return peer.call(kind, request, RaftRpcReplyProto.parser()).getCallId();
    }

    @Test
    void callsThatFollowEachOtherTakeTheSameConnection() throws Exception {
        assertThat(call(Kind.VOTE, 1)).isEqualTo(1);
        assertThat(call(Kind.APPEND, 2)).isEqualTo(2);

        assertThat(accepted).hasSize(1);
    }

    @Test
    void aCallDoesNotWaitBehindAnother() throws Exception {
        thread(() -> assertThatThrownBy(() -> call(Kind.APPEND, NEVER)).isInstanceOf(IOException.class));
        await().atMost(DEADLINE).until(() -> asked.contains(NEVER));

        assertThat(call(Kind.VOTE, 1)).isEqualTo(1);
    }

    @Test
    void theOtherMembersReasonIsTold() throws Exception {
        assertThatThrownBy(() -> call(Kind.VOTE, -1))
                .isInstanceOf(IOException.class)
                .hasMessage("it is not ready");
        assertThat(call(Kind.VOTE, 1)).isEqualTo(1);

        assertThat(accepted).as("the connection is as good as before").hasSize(1);
        assertThat(asked).containsExactly(-1L, 1L);
    }

    @Test
    void aConnectionThatHasBecomeUselessIsReplaced() throws Exception {
        call(Kind.VOTE, 1);
        close(accepted.get(0));

        assertThat(call(Kind.VOTE, 2)).isEqualTo(2);
        assertThat(accepted).hasSize(2);
    }

    @Test
    void aPartOfASnapshotIsNotSentTwice() throws Exception {
        call(Kind.INSTALL_SNAPSHOT, 1);
        close(accepted.get(0));

        // It may have got there just before.
        assertThatThrownBy(() -> call(Kind.INSTALL_SNAPSHOT, 2)).isInstanceOf(IOException.class);
        assertThat(asked).doesNotHaveDuplicates();
        assertThat(call(Kind.INSTALL_SNAPSHOT, 3)).isEqualTo(3);
    }

    @Test
    void whoeverDoesNotAnswerInTimeIsNotAskedAgainOnThatConnection() throws Exception {
        answerTimeoutMs = 100;
        assertThatThrownBy(() -> call(Kind.VOTE, NEVER))
                .isInstanceOf(TimeoutIOException.class)
                .isNotInstanceOf(InterruptedIOException.class);
        answerTimeoutMs = 20_000;

        assertThat(call(Kind.VOTE, 1)).isEqualTo(1);
        assertThat(accepted).hasSize(2);
        assertThat(asked).containsExactly(NEVER, 1L);
    }

    @Test
    void anInterruptEndsACallThatWaits() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                call(Kind.APPEND, NEVER);
            } catch (IOException e) {
                thrown.set(e);
            }
        });
        caller.start();
        await().atMost(DEADLINE).until(() -> asked.contains(NEVER));
        caller.interrupt();
        caller.join(DEADLINE.toMillis());

        assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
        assertThat(call(Kind.APPEND, 1)).isEqualTo(1);
    }

    @Test
    void closingEndsACallThatWaits() throws Exception {
        CompletableFuture<Long> waiting = new CompletableFuture<>();
        thread(() -> {
            try {
                waiting.complete(call(Kind.APPEND, NEVER));
            } catch (IOException e) {
                waiting.completeExceptionally(e);
            }
        });
        await().atMost(DEADLINE).until(() -> asked.contains(NEVER));
        peer.close();

        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> call(Kind.APPEND, 1)).isInstanceOf(IOException.class);
    }

    @Test
    void aFrameThatIsTooLongEndsTheConnection() throws Exception {
        RaftRpcRequestProto request = RaftRpcRequestProto.newBuilder()
                .setRequestorId(ByteString.copyFrom(new byte[2 * MOST_BYTES]))
                .build();

        assertThatThrownBy(() -> peer.call(Kind.APPEND, request, RaftRpcReplyProto.parser()))
                .isInstanceOf(IOException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void whoeverIsNoMemberOfTheEnsembleIsNotHeard() throws Exception {
        Socket socket = SocketChannel.open(listening.getLocalAddress()).socket();
        try (LogConnection connection = new LogConnection(socket, MOST_BYTES)) {
            connection.sendHello(UUID.nameUUIDFromBytes(new byte[] {2}), FROM);
            connection.send(Kind.VOTE, RaftRpcRequestProto.getDefaultInstance());
            assertThatThrownBy(connection::receive).isInstanceOf(IOException.class);
        }
        assertThat(asked).isEmpty();
    }
}
