package io.coord.server.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeper;

/** The archive of the distribution, unpacked as an operator does, with one server's files beside it. */
final class Installation implements AutoCloseable {
    private static final int LONGEST_SECONDS = 90;

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    /** What a command has left behind. */
    record Outcome(int exitCode, String out, String err) {}

    Installation(Path directory) {
        this.directory = directory;
        String archive = System.getProperty("coord.distribution");
        run(List.of("tar", "xzf", archive, "-C", directory.toString(), "--strip-components=1"));
        environment.put("ZOO_LOG_DIR", logs().toString());
        // Small, and quick to start on a busy machine.
        environment.put("SERVER_JVMFLAGS", "-XX:TieredStopAtLevel=1");
        environment.put("ZK_SERVER_HEAP", "128");
    }

    Path home() {
        return directory;
    }

    Path data() {
        return directory.resolve("data");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    Path pidFile() {
        return data().resolve("coord-server.pid");
    }

    Installation with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** With a data directory, any free port and no admin server, whose port others may have. The lines begin with the fourth. */
    Installation configure(String... lines) {
        return write(
                "zoo.cfg",
                Stream.concat(
                                Stream.of("dataDir=" + data(), "clientPort=0", "admin.enableServer=false"),
                                Stream.of(lines))
                        .toArray(String[]::new));
    }

    Installation write(String name, String... lines) {
        try {
            Files.write(directory.resolve("conf").resolve(name), List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Outcome script(String... words) {
        return run(Stream.concat(Stream.of(directory.resolve("bin/coord-server").toString()), Stream.of(words))
                .toList());
    }

    Outcome run(List<String> command) {
        try {
            Path out = Files.createTempFile("coord", ".out");
            Path err = Files.createTempFile("coord", ".err");
            // To files: a server that is left running would hold a pipe open.
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("ZOO") || name.endsWith("JVMFLAGS"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        command + " takes too long; it said " + Files.readString(out) + Files.readString(err));
            }
            Outcome outcome = new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Starts the server and returns the address that the script names. */
    String start() {
        Outcome outcome = script("start");
        if (outcome.exitCode() != 0) {
            throw new AssertionError("the server did not start: " + outcome);
        }
        return outcome.out().strip().replaceAll("(?s).* ", "");
    }

    ZooKeeper connect(String address) throws IOException {
        return new ZooKeeper(address, 30_000, event -> {});
    }

    ProcessHandle server() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile()).strip()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(logs())) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".log") || file.toString().endsWith(".out")) {
                    text.append(Files.readString(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Ends what a failed test has left running. */
    @Override
    public void close() {
        if (Files.exists(pidFile())) {
            ProcessHandle process;
            try {
                process = server();
            } catch (RuntimeException e) {
                return;
            }
            if (process.info().commandLine().orElse("").contains("coord-server.jar")) {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }
}
