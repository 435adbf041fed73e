package io.coord.recipes.server;

import io.coord.server.EmbeddedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Our server in a Java process of its own, with a log on disk. One serves all test classes of this process; it ends when this
 * process does, since nobody holds its input open then.
 */
public final class CoordServerProcess implements TestServer {
    private static final String READY = "listening on ";
    private static final int LONGEST_START_SECONDS = 60;

    private static CoordServerProcess shared;

    private final int port;

    private CoordServerProcess(int port) {
        this.port = port;
    }

    /** Starts it, if it does not run yet. */
    public static synchronized TestServer shared() {
        if (shared == null) {
            try {
                shared = start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    private static CoordServerProcess start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CoordServerProcess.class.getName())
                .redirectErrorStream(true)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Thread watchdog = daemon("server-process-start", () -> endUnlessReady(process));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                watchdog.interrupt();
                daemon("server-process-output", () -> readToTheEnd(out));
                return new CoordServerProcess(Integer.parseInt(line.substring(READY.length())));
            }
            said.append(line).append(System.lineSeparator());
        }
        throw new IOException("the server's process ended before it listened: " + said);
    }

    private static void endUnlessReady(Process process) {
        try {
            if (!process.waitFor(LONGEST_START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It listens.
        }
    }

    /** A full pipe would stop the server. */
    private static void readToTheEnd(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                // Nobody is interested.
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public int port() {
        return port;
    }

    /** Others go on to use it. */
    @Override
    public void close() {}

    /** The server's process: it serves until its input ends. */
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
            System.out.println(READY + server.port());
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
