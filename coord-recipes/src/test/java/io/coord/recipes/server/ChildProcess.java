package io.coord.recipes.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Java process of a test, which is asked and answers by lines, and ends when its input does. */
public final class ChildProcess implements AutoCloseable {
    /** Before each line that is meant for the parent; the rest is a log. */
    private static final String TOLD = "told: ";

    private static final String ENDED = "the process has ended";
    private static final int LONGEST_ANSWER_SECONDS = 120;
    private static final int LONGEST_END_SECONDS = 20;
    private static final int LONGEST_LOG = 200;

    private final Process process;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private ChildProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-process-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the main method of a class, with this process's class path. */
    public static ChildProcess start(Class<?> main, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        try {
            return new ChildProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the child: says a line to the parent. */
    @SuppressWarnings("SystemOut")
    public static void tell(String line) {
        System.out.println(TOLD + line);
    }

    /** Reads to the end, for a full pipe would stop the child. */
    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(TOLD)) {
                    told.add(line.substring(TOLD.length()));
                } else if (log.size() < LONGEST_LOG) {
                    log.add(line);
                }
            }
        } catch (IOException e) {
            log.add(e.toString());
        }
        told.add(ENDED);
    }

    /** The next line that the child tells. */
    public String nextLine() {
        try {
            String line = told.poll(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
            if (line == null || line.equals(ENDED)) {
                process.destroyForcibly();
                throw new IllegalStateException("the process told nothing: " + String.join("\n", log));
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process", e);
        }
    }

    /** Says a line to the child, and gives what it answers. */
    public String ask(String line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(String.join("\n", log), e);
        }
        return nextLine();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
