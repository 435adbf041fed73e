package io.coord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.testkit.FaultProxy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyFaultTest {
    private static final int LONG_ENOUGH_MS = 10_000;
    private static final int SILENCE_MS = 150;

    private final AtomicInteger bytesAtServer = new AtomicInteger();
    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void startEchoServerBehindProxy() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::acceptAll, "echo-acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
        proxy = FaultProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void carriesBytesBothWaysAndTheEndOfAConnection() throws IOException {
        try (Socket client = connect()) {
            byte[] much = new byte[3_000_000];
            Arrays.fill(much, (byte) 7);
            Thread writer = new Thread(() -> write(client, much));
            writer.start();
            assertThat(client.getInputStream().readNBytes(much.length)).isEqualTo(much);
            client.shutdownOutput();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> proxy.connections() == 0);
    }

    @Test
    void cutResetsBothSidesAndWelcomesTheNext() throws IOException {
        try (Socket client = connect()) {
            roundTrip(client);
            proxy.cut();
            assertThatThrownBy(() -> roundTrip(client)).isInstanceOf(IOException.class);
        }
        try (Socket next = connect()) {
            roundTrip(next);
        }
    }

    @Test
    void refusesNewConnectionsUntilItResumes() throws IOException {
        try (Socket first = connect()) {
            roundTrip(first);
            proxy.refuse();
            roundTrip(first);
            assertThatThrownBy(() -> {
                        try (Socket second = connect()) {
                            roundTrip(second);
                        }
                    })
                    .isInstanceOf(IOException.class);
            proxy.resume();
            try (Socket third = connect()) {
                roundTrip(third);
            }
        }
    }

    @Test
    void holdsBytesBackInABlackholeAndDeliversThemAfterwards() throws IOException {
        try (Socket client = connect()) {
            roundTrip(client);
            proxy.blackhole();
            client.getOutputStream().write(42);
            assertSilent(client);
            assertThat(bytesAtServer).hasValue(1);
            proxy.resume();
            assertThat(client.getInputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void blackholesOneWayOnly() throws IOException {
        try (Socket client = connect()) {
            roundTrip(client);
            proxy.blackhole(Direction.SERVER_TO_CLIENT);
            client.getOutputStream().write(43);
            await().atMost(Duration.ofSeconds(10)).until(() -> bytesAtServer.get() == 2);
            assertSilent(client);
            proxy.resume();
            assertThat(client.getInputStream().read()).isEqualTo(43);
        }
    }

    @Test
    void hidesTheEndOfAConnectionInABlackhole() throws IOException {
        Socket client = connect();
        roundTrip(client);
        proxy.blackhole();
        client.close();
        assertThat(proxy.connections()).isEqualTo(1);
        proxy.resume();
        await().atMost(Duration.ofSeconds(10)).until(() -> proxy.connections() == 0);
    }

    @Test
    void delaysEachByteAndKeepsTheirOrder() throws IOException {
        try (Socket client = connect()) {
            roundTrip(client);
            proxy.delay(Direction.CLIENT_TO_SERVER, Duration.ofMillis(120));
            long start = System.nanoTime();
            client.getOutputStream().write(new byte[] {1, 2, 3});
            assertThat(client.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        }
    }

    @Test
    void resetsAClientWhenNothingListensBehindIt() throws IOException {
        ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        unused.close();
        try (FaultProxy toNobody = FaultProxy.to(unused.getLocalPort());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), toNobody.port())) {
            client.setSoTimeout(LONG_ENOUGH_MS);
            assertThatThrownBy(() -> roundTrip(client)).isInstanceOf(IOException.class);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(LONG_ENOUGH_MS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void roundTrip(Socket socket) throws IOException {
        socket.getOutputStream().write(1);
        if (socket.getInputStream().read() != 1) {
            throw new IOException("closed by the peer");
        }
    }

    private static void assertSilent(Socket client) throws IOException {
        client.setSoTimeout(SILENCE_MS);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(LONG_ENOUGH_MS);
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void acceptAll() {
        while (!echo.isClosed()) {
            try {
                Socket accepted = echo.accept();
                Thread thread = new Thread(() -> echo(accepted), "echo");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket socket) {
        byte[] buffer = new byte[65536];
        try (socket;
                InputStream in = socket.getInputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                bytesAtServer.addAndGet(length);
                socket.getOutputStream().write(buffer, 0, length);
            }
        } catch (IOException e) {
            // The proxy reset it: what these tests are about.
        }
    }
}
