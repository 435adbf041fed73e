package io.coord.verification.fuzz;

import io.coord.server.EmbeddedServer;
import io.coord.server.ServerStatus;
import io.coord.verification.server.Directories;
import io.netty.util.internal.PlatformDependent;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A live server, over real sockets: each input is all that one client says on one connection, see {@link RequestStream}. Then
 * the client ends it, in one of several ways. The server has to end every connection whose client is done, answer in whole
 * frames, and keep its {@link Witness} content; every so often it must be as empty as before.
 */
public final class ServerStreamFuzz {
    private static final int READ_TIMEOUT_MS = 30_000;
    private static final int MOST_REPLY = 4 << 20;
    private static final int LEAST_REPLY = 16;
    private static final int INPUTS_OF_A_SERVER = 4_000;
    private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);
    private static final Duration SETTLED = Duration.ofSeconds(80);
    private static final long ENOUGH_MEMORY = 64L << 20;

    private static final Complaints COMPLAINTS = Complaints.ALL;
    private static final Path DIRECTORY = newDirectory();
    private static EmbeddedServer server = start();
    private static Witness witness = new Witness(server.port());
    private static int inputs;
    private static long usedAtFirst = -1;

    private ServerStreamFuzz() {}

    /** For the normal build, which has other tests behind this one. */
    static void close() throws IOException {
        witness.close();
        restart(server.status());
        server.close();
        Directories.delete(DIRECTORY);
    }

    private static EmbeddedServer start() {
        return EmbeddedServer.builder()
                .port(0)
                .dataDir(DIRECTORY)
                .fsync(false)
                .tickTime(Duration.ofMillis(50))
                .minSessionTimeout(Duration.ofMillis(100))
                .maxSessionTimeout(LONGEST_SESSION)
                .containerCheckInterval(Duration.ofSeconds(5))
                .maxFrameBytes(512 * 1024)
                .maxClientConnections(0)
                .start();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        FuzzInput choices = new FuzzInput(input);
        int style = choices.next();
        RequestStream stream = new RequestStream(choices);
        byte[] bytes = stream.build();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MS);
            converse(socket, bytes, stream.cuts(style % 6, bytes.length), style / 6 % 4);
        }
        witness.sees();
        COMPLAINTS.isNone();
        inputs++;
        if (inputs % INPUTS_OF_A_SERVER == 0) {
            renew();
        }
    }

    private static void converse(Socket socket, byte[] bytes, List<Integer> cuts, int ending) throws IOException {
        try {
            int from = 0;
            for (int cut : cuts) {
                if (cut > from && cut < bytes.length) {
                    socket.getOutputStream().write(bytes, from, cut - from);
                    from = cut;
                }
            }
            socket.getOutputStream().write(bytes, from, bytes.length - from);
            if (ending == 0) {
                // Gone at once, with a reset.
                socket.setSoLinger(true, 0);
                return;
            }
            if (ending == 1) {
                // Gone at once, in good order.
                return;
            }
            socket.shutdownOutput();
            readToTheEnd(new DataInputStream(socket.getInputStream()));
        } catch (SocketException e) {
            // The server has closed it, as it may at any moment; a time-out is another exception.
        }
    }

    private static void readToTheEnd(DataInputStream in) throws IOException {
        while (true) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException e) {
                return;
            }
            if (length < LEAST_REPLY || length > MOST_REPLY) {
                throw new AssertionError("a reply of " + length + " bytes");
            }
            try {
                in.skipNBytes(length);
            } catch (EOFException e) {
                // Cut off in the middle, by the end of the session for example.
                return;
            }
        }
    }

    /** Whatever was said went into the log, and has to come out of it again. */
    private static ServerStatus restart(ServerStatus before) {
        server.close();
        server = start();
        ServerStatus after = server.status();
        // Sessions may expire, and containers go, at any moment; that takes a zxid each time.
        boolean isSame = after.lastZxid() == before.lastZxid() && after.znodes() == before.znodes();
        if (!isSame && after.lastZxid() <= before.lastZxid()) {
            throw new AssertionError("before the restart " + before + ", after it " + after);
        }
        return after;
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When all is over nothing of it is left, and the next server begins with an empty tree. */
    private static void renew() throws IOException {
        Awaitility.await().atMost(SETTLED).until(() -> {
            witness.sees();
            ServerStatus status = server.status();
            return status.sessions() == 1 && status.connections() == 1 && status.outstandingWrites() == 0;
        });
        ServerStatus left = server.status();
        if (left.ephemerals() != 1 || left.watches() != 1) {
            throw new AssertionError("left behind: " + left);
        }
        witness.end();
        ServerStatus last = restart(server.status());
        if (last.sessions() != 0) {
            throw new AssertionError("sessions are back from the log: " + last);
        }
        server.close();
        Directories.delete(DIRECTORY);
        server = start();
        witness = new Witness(server.port());
        System.gc();
        long used = Runtime.getRuntime().totalMemory()
                - Runtime.getRuntime().freeMemory()
                + PlatformDependent.usedDirectMemory();
        if (usedAtFirst < 0) {
            usedAtFirst = used;
        } else if (used > usedAtFirst + ENOUGH_MEMORY) {
            throw new AssertionError("memory in use grew from " + usedAtFirst + " to " + used);
        }
        COMPLAINTS.isNone();
    }
}
