package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.ServerErrorException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that answers and cannot do what it is asked for now, as with a full disk: work in the background goes on. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThrottlingServerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int DELETE = 2;
    private static final int EXISTS = 3;
    private static final int GET_CHILDREN = 8;
    private static final int SYNC = 9;
    private static final int CREATE = 1;
    private static final int CLOSE_SESSION = -11;
    private static final int THROTTLED = -127;
    private static final int NOT_READ_ONLY = -119;

    /** How often each operation is still refused, and why. */
    private final Map<Integer, Integer> refusals = new ConcurrentHashMap<>();

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch answerCreate = new CountDownLatch(1);
    private volatile int refusal = THROTTLED;
    private volatile String created = "";
    private ServerSocket server;
    private CoordClient client;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "throttling-server");
        accepting.setDaemon(true);
        accepting.start();
        client = CoordClient.builder()
                .connectString("127.0.0.1:" + server.getLocalPort())
                .sessionTimeout(Duration.ofSeconds(30))
                .build()
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        answerCreate.countDown();
        client.close();
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                serve(new DataInputStream(socket.getInputStream()), new DataOutputStream(socket.getOutputStream()));
            } catch (IOException | InterruptedException e) {
                // The client has hung up, or the test is over.
            }
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        in.skipNBytes(in.readInt());
        out.write(ByteBuffer.allocate(41)
                .putInt(37)
                .putInt(0)
                .putInt(30_000)
                .putLong(1)
                .putInt(16)
                .put(new byte[16])
                .put((byte) 0)
                .array());
        while (true) {
            byte[] frame = in.readNBytes(in.readInt());
            ByteBuffer request = ByteBuffer.wrap(frame);
            int xid = request.getInt();
            int op = request.getInt();
            if (op == CLOSE_SESSION) {
                log.add("session closed");
            }
            if (refusals.merge(op, -1, Integer::sum) >= 0) {
                log.add(op + " refused");
                out.write(reply(xid, refusal, new byte[0]));
            } else {
                if (op > 0 && op != 11) {
                    log.add(op + " done");
                }
                out.write(reply(xid, 0, body(op, request)));
            }
        }
    }

    private byte[] body(int op, ByteBuffer request) throws InterruptedException {
        return switch (op) {
            case CREATE -> {
                created = string(request);
                answerCreate.await(LONG.toSeconds(), TimeUnit.SECONDS);
                yield text(created);
            }
            case EXISTS -> new byte[68];
            case GET_CHILDREN ->
                concat(ByteBuffer.allocate(4).putInt(1).array(), text(created.substring(created.lastIndexOf('/') + 1)));
            case SYNC -> text("/");
            default -> new byte[0];
        };
    }

    private static byte[] reply(int xid, int error, byte[] body) {
        return ByteBuffer.allocate(20 + body.length)
                .putInt(16 + body.length)
                .putInt(xid)
                .putLong(1)
                .putInt(error)
                .put(body)
                .array();
    }

    private static String string(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return concat(ByteBuffer.allocate(4).putInt(text.length()).array(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private long count(String what) {
        return log.stream().filter(what::equals).count();
    }

    @Test
    void aGuaranteedDeleteIsTriedAgainUntilTheServerCan() {
        refusals.put(DELETE, 3);
        assertThatThrownBy(() -> client.delete().guaranteed().forPath("/a"))
                .isInstanceOf(ServerErrorException.class)
                .isNotInstanceOf(OutcomeUnknown.class);

        await().atMost(LONG).until(() -> count("2 done") == 1);
        assertThat(count("2 refused")).isEqualTo(3);
    }

    @Test
    void aServerThatOnlyServesReadsIsWaitedForToo() {
        refusal = NOT_READ_ONLY;
        refusals.put(DELETE, 2);
        assertThatThrownBy(() -> client.delete().guaranteed().forPath("/a")).isNotInstanceOf(OutcomeUnknown.class);

        await().atMost(LONG).until(() -> count("2 done") == 1);
    }

    @Test
    void whatIsRefusedForGoodIsNotTriedAgain() {
        refusal = -102;
        refusals.put(DELETE, 1);
        assertThatThrownBy(() -> client.delete().guaranteed().forPath("/a")).isNotInstanceOf(OutcomeUnknown.class);
        client.close(Duration.ofSeconds(5));

        await().atMost(LONG).until(() -> log.contains("session closed"));
        assertThat(log).containsExactly("2 refused", "session closed");
    }

    @Test
    void whatAProtectedCreateLeftIsRemovedOnceTheServerCan() {
        refusals.put(SYNC, 2);
        refusals.put(DELETE, 2);
        assertThatThrownBy(() -> client.create()
                        .withProtection()
                        .withTimeout(Duration.ofMillis(200))
                        .forPath("/locks/lock-"))
                .isInstanceOf(RequestTimeoutException.class)
                .isInstanceOf(OutcomeUnknown.class);
        answerCreate.countDown();

        await().atMost(LONG).until(() -> count("2 done") == 1);
        assertThat(log)
                .containsSubsequence("9 refused", "9 refused", "9 done", "8 done", "2 refused", "2 refused", "2 done");
    }

    @Test
    void aClientThatIsClosedWaitsForADeleteBetweenTwoTries() {
        refusals.put(DELETE, 3);
        assertThatThrownBy(() -> client.delete().guaranteed().forPath("/a")).isInstanceOf(ServerErrorException.class);
        client.close(LONG);

        await().atMost(LONG).until(() -> log.contains("session closed"));
        assertThat(log).endsWith("2 done", "session closed");
    }

    @Test
    void aClientThatIsClosedWaitsNoLongerThanItWasTold() {
        refusals.put(DELETE, Integer.MAX_VALUE);
        assertThatThrownBy(() -> client.delete().guaranteed().forPath("/a")).isInstanceOf(ServerErrorException.class);
        client.close(Duration.ofMillis(300));

        await().atMost(LONG).until(() -> log.contains("session closed"));
        assertThat(log).endsWith("session closed").doesNotContain("2 done");
    }
}
