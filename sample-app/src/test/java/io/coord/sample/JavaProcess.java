package io.coord.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, which can be killed and paused as only a real process can. Owned by the thread of the test. */
final class JavaProcess implements AutoCloseable {

    private final String name;
    private final Path log;
    private final List<String> command;
    private Process process;

    /** Starts it. Its output goes to a file that starts anew with each process. */
    JavaProcess(String name, Path directory, String classpath, String mainClass, List<String> arguments)
            throws IOException {
        this.name = name;
        this.log = directory.resolve(name + ".log");
        this.command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                classpath,
                mainClass));
        command.addAll(arguments);
        start();
    }

    /** Starts it again, with the same command, after it was killed. */
    void start() throws IOException {
        process = new ProcessBuilder(command)
                .directory(log.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** As {@code kill -9} does. */
    void kill() throws IOException, InterruptedException {
        signal("KILL");
        process.waitFor();
    }

    /** Stands still with everything open, as in a long pause of a garbage collector or of a virtual machine. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As {@code kill} does; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " does not end:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (result != 0) {
            throw new AssertionError("no signal " + signal + " to " + name);
        }
    }
}
