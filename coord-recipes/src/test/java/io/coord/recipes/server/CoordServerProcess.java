package io.coord.recipes.server;

import io.coord.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Our server in a Java process of its own, with a log on disk. It ends when it is closed, or with this process at the latest,
 * since nobody holds its input open then.
 */
public final class CoordServerProcess implements TestServer {
    private static final int SHARED_HEAP_MB = 96;

    private static CoordServerProcess shared;

    private final ChildProcess process;
    private final int port;

    private CoordServerProcess(ChildProcess process) {
        this.process = process;
        this.port = Integer.parseInt(process.nextLine());
    }

    /** One for all test classes of this process; it is started when the first one asks, and closing it does nothing. */
    public static synchronized TestServer shared() {
        if (shared == null) {
            shared = start(SHARED_HEAP_MB, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        }
        int port = shared.port();
        return new TestServer() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                // Others go on to use it.
            }
        };
    }

    /** Starts one. */
    public static CoordServerProcess start(int heapMb, String... jvmOptions) {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heapMb + "m"));
        options.addAll(List.of(jvmOptions));
        return new CoordServerProcess(ChildProcess.start(CoordServerProcess.class, options, List.of()));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }

    /** The server's process: it tells its port, and serves until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("coord-server-process");
        try (EmbeddedServer server = EmbeddedServer.builder()
                .port(0)
                .dataDir(directory)
                .fsync(false)
                .tickTime(Duration.ofMillis(TICK_MS))
                .maxSessionTimeout(Duration.ofMillis(MAX_SESSION_TIMEOUT_MS))
                .containerCheckInterval(Duration.ofMillis(CONTAINER_CHECK_MS))
                .start()) {
            ChildProcess.tell(String.valueOf(server.port()));
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }
}
