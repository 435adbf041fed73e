package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.session.ReconnectBackoff;
import io.coord.protocol.data.AddWatchMode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server may say wrong, over real sockets: the call hears of it by its deadline, and the client goes on. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileServerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int EVENT = -1;

    /** One connection of the server. */
    @FunctionalInterface
    private interface Conversation {
        void hold(Talk talk) throws IOException;
    }

    private record Request(int xid, int op) {}

    /** The server's end of a connection. */
    private record Talk(DataInputStream in, DataOutputStream out) {
        void takeHandshake() throws IOException {
            in.skipNBytes(in.readInt());
        }

        void welcome() throws IOException {
            takeHandshake();
            out.writeInt(37);
            out.writeInt(0);
            out.writeInt(10_000);
            out.writeLong(1);
            out.writeInt(16);
            out.write(new byte[16]);
            out.writeBoolean(false);
        }

        Request request() throws IOException {
            int length = in.readInt();
            Request request = new Request(in.readInt(), in.readInt());
            in.skipNBytes(length - 8);
            return request;
        }

        void header(int bodyBytes, int xid, int error) throws IOException {
            out.writeInt(16 + bodyBytes);
            out.writeInt(xid);
            out.writeLong(1);
            out.writeInt(error);
        }

        void answer(Request to) throws IOException {
            switch (to.op()) {
                case 4 -> {
                    header(4 + 1 + 68, to.xid(), 0);
                    out.writeInt(1);
                    out.writeByte(7);
                    out.write(new byte[68]);
                }
                case 106 -> {
                    header(4, to.xid(), 0);
                    out.writeInt(0);
                }
                default -> header(0, to.xid(), 0);
            }
        }

        void event(String path) throws IOException {
            header(12 + path.length(), EVENT, 0);
            out.writeInt(3);
            out.writeInt(3);
            out.writeInt(path.length());
            out.writeBytes(path);
        }

        void stayHonest() throws IOException {
            while (true) {
                answer(request());
            }
        }
    }

    private final CountDownLatch over = new CountDownLatch(1);
    private final Queue<Conversation> planned = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private ServerSocket server;
    private CoordClient client;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        over.countDown();
        server.close();
        for (Socket each : sockets) {
            each.close();
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "hostile-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                Conversation next = planned.poll();
                start("talk", () -> talk(socket, next == null ? HostileServerTest::honest : next));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void honest(Talk talk) throws IOException {
        talk.welcome();
        talk.stayHonest();
    }

    private static void talk(Socket socket, Conversation conversation) {
        try (socket) {
            conversation.hold(new Talk(
                    new DataInputStream(socket.getInputStream()), new DataOutputStream(socket.getOutputStream())));
        } catch (IOException e) {
            // The client has hung up.
        }
    }

    private void silence() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private void connect(Conversation... conversations) {
        planned.addAll(java.util.List.of(conversations));
        client = CoordClient.builder()
                .connectString("127.0.0.1:" + server.getLocalPort())
                .connectTimeout(Duration.ofMillis(300))
                .requestTimeout(DEADLINE)
                .sessionTimeout(Duration.ofSeconds(10))
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(10), Duration.ofMillis(20), 0))
                .build()
                .start();
    }

    private void assertWorks() {
        assertThat(client.getData().forPath("/a")).containsExactly(7);
    }

    @Test
    void aHandshakeThatNeverComesIsGivenUpAndTheNextConnectionServes() {
        connect(
                talk -> silence(),
                talk -> {
                    talk.takeHandshake();
                    silence();
                },
                talk -> {
                    talk.takeHandshake();
                    for (int i = 0; i < 100; i++) {
                        talk.out().writeByte(0);
                        silenceFor(50);
                    }
                });
        assertWorks();
    }

    private void silenceFor(long millis) {
        try {
            over.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Test
    void aCallHearsByItsDeadlineThatThereIsNoConnection() {
        Conversation silent = talk -> silence();
        connect(silent, silent, silent, silent, silent, silent, silent, silent, silent, silent);
        assertThatThrownBy(() -> client.getData().forPath("/a"))
                .isInstanceOf(RequestTimeoutException.class)
                .hasMessageContaining("/a")
                .hasMessageContaining("no connection");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 19, 35, 100})
    void aHandshakeOfAnOddLengthIsGivenUpOrTaken(int length) {
        connect(talk -> {
            talk.takeHandshake();
            talk.out().writeInt(length);
            talk.out().write(new byte[length]);
            silence();
        });
        assertWorks();
    }

    @Test
    void aPasswordThatIsNoPasswordIsNotCarriedAbout() {
        connect(talk -> {
            talk.takeHandshake();
            talk.out().writeInt(20 + 5_000);
            talk.out().writeInt(0);
            talk.out().writeInt(10_000);
            talk.out().writeLong(1);
            talk.out().writeInt(5_000);
            talk.out().write(new byte[5_000]);
            silence();
        });
        assertWorks();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void anAbsurdLengthFailsTheCallThatWaitsAndTheClientGoesOn(int length) {
        Conversation absurd = talk -> {
            talk.welcome();
            talk.request();
            talk.out().writeInt(length);
            silence();
        };
        connect(absurd, absurd);
        assertThat(catchThrowableOfType(
                        ServerErrorException.class, () -> client.getData().forPath("/a")))
                .isNotNull();
        assertThat(catchThrowableOfType(
                        ConnectionLossException.class, () -> client.delete().forPath("/a")))
                .as("a write: nobody knows whether it was done")
                .isNotNull();
        assertWorks();
    }

    @ParameterizedTest
    @ValueSource(ints = {60 << 20, (64 << 20) + 1, Integer.MAX_VALUE})
    void aFrameThatIsClaimedAndNeverComesCostsTheCallItsDeadlineAndNoMore(int length) {
        connect(talk -> {
            talk.welcome();
            talk.request();
            talk.out().writeInt(length);
            silence();
        });
        long start = System.nanoTime();
        assertThatThrownBy(() -> client.getData().forPath("/a")).isInstanceOf(RequestTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
    }

    @Test
    void aReplyThatNobodyAskedForEndsTheConnectionAndTheReadIsRepeated() {
        connect(
                talk -> {
                    talk.welcome();
                    Request request = talk.request();
                    talk.answer(new Request(request.xid() + 1, request.op()));
                    silence();
                },
                talk -> {
                    talk.welcome();
                    talk.header(0, 99, -101);
                    silence();
                });
        assertWorks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "no path at all"})
    void anEventAboutSomethingThatIsNoPathEndsTheConnectionAndTheClientGoesOn(String path) {
        connect(talk -> {
            talk.welcome();
            talk.answer(talk.request());
            talk.event(path);
            silence();
        });
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher(event -> {})
                .forPath("/a");
        // Though it may come where the reply to this is awaited.
        assertWorks();
        assertThat(client.watchCount()).isEqualTo(1);
    }
}
