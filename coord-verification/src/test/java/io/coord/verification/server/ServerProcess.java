package io.coord.verification.server;

import io.coord.verification.server.ServerMain.Question;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a Java process of its own, so that it can be killed and its CPU time be told from ours. */
public final class ServerProcess implements ServerUnderTest {
    private static final int CLOCK_TICKS_A_SECOND = 100;
    private static final int USER_TIME_FIELD = 11;
    private static final int LONGEST_START_SECONDS = 120;
    private static final int LONGEST_ANSWER_SECONDS = 60;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Implementation implementation;
    private final Process process;
    private final int port;
    private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();

    private ServerProcess(Implementation implementation, Process process, BufferedReader out) throws IOException {
        this.implementation = implementation;
        this.process = process;
        this.port = awaitPort(process, out);
        readAnswersInBackground(out);
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param prefix words of the command line in front of {@code java}, to pin it to a processor for instance
     * @param jvmOptions for the server's JVM
     */
    public static ServerProcess start(
            Implementation implementation,
            Path directory,
            int tickMs,
            boolean fsync,
            List<String> prefix,
            List<String> jvmOptions) {
        return start(
                implementation, directory, tickMs, fsync, prefix, jvmOptions, System.getProperty("java.class.path"));
    }

    /** As above, with a class path of its own, which must hold {@link ServerMain}. */
    public static ServerProcess start(
            Implementation implementation,
            Path directory,
            int tickMs,
            boolean fsync,
            List<String> prefix,
            List<String> jvmOptions,
            String classPath) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, ServerMain.class.getName()));
        command.addAll(
                List.of(implementation.name(), directory.toString(), String.valueOf(tickMs), String.valueOf(fsync)));
        try {
            Files.createDirectories(directory);
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new ServerProcess(
                    implementation,
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server with fsync and a small heap. */
    public static ServerProcess start(Implementation implementation, Path directory) {
        return start(
                implementation, directory, TICK_MS, true, List.of(), List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    }

    private static int awaitPort(Process process, BufferedReader out) throws IOException {
        CompletableFuture<Void> listening = new CompletableFuture<>();
        listening.orTimeout(LONGEST_START_SECONDS, TimeUnit.SECONDS).whenComplete((nothing, late) -> {
            if (late != null) {
                process.destroyForcibly();
            }
        });
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(ServerMain.READY)) {
                listening.complete(null);
                return Integer.parseInt(line.substring(ServerMain.READY.length()));
            }
            said.append(line).append(System.lineSeparator());
        }
        throw new IOException("the server ended before it listened: " + said);
    }

    /** Reads on to the end, for a full pipe would stop the server; keeps the answers and drops what it logs. */
    private void readAnswersInBackground(BufferedReader out) {
        Thread reader = new Thread(
                () -> {
                    try {
                        for (String line = out.readLine(); line != null; line = out.readLine()) {
                            if (line.startsWith(ServerMain.ANSWER)) {
                                answers.add(Long.valueOf(line.substring(ServerMain.ANSWER.length())));
                            }
                        }
                    } catch (IOException e) {
                        // It was killed.
                    }
                },
                "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Bytes allocated so far by the server's threads that are alive. */
    public long allocatedBytes() throws IOException {
        return ask(Question.ALLOCATED);
    }

    /** How long the just-in-time compiler of the server's JVM has worked so far. */
    public Duration compileTime() throws IOException {
        return Duration.ofMillis(ask(Question.COMPILED_MS));
    }

    /** Bytes of the server's heap in use, after a full collection. */
    public long liveHeapBytes() throws IOException {
        return ask(Question.LIVE_HEAP);
    }

    /** The server's longest collection since the last call; the first call only starts to look. */
    public Duration longestCollection() throws IOException {
        return Duration.ofNanos(ask(Question.LONGEST_COLLECTION));
    }

    /**
     * How long our server's thread has let a message wait at most since the last call, collections aside; zero for
     * ZooKeeper's, which has no such thread. The first call only starts to look.
     */
    public Duration longestTurn() throws IOException {
        return Duration.ofNanos(ask(Question.LONGEST_TURN));
    }

    private synchronized long ask(Question question) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((question.name() + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        try {
            Long answer = answers.poll(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException("no answer to " + question);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Resident memory of the process. */
    public long residentBytes() throws IOException {
        Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status")));
        if (!found.find()) {
            throw new IOException("the system does not tell the resident memory");
        }
        return Long.parseLong(found.group(1)) * 1024;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public Implementation implementation() {
        return implementation;
    }

    @Override
    public int port() {
        return port;
    }

    /** User and system time so far, to ten milliseconds. */
    public Duration cpuTime() {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[USER_TIME_FIELD]) + Long.parseLong(fields[USER_TIME_FIELD + 1]);
            return Duration.ofMillis(ticks * 1000 / CLOCK_TICKS_A_SECOND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Lets the server close in order; kills it when that takes too long. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException e) {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private void awaitEnd() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
