package io.coord.recipes.server;

import io.coord.client.CoordClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody else's client, in a process of its own: it reads one znode again and again, a thousand times a second at most, and
 * tells how long it had to wait.
 */
public final class WaitingClient implements AutoCloseable {
    /** How long its reads took since the last question, in nanoseconds. */
    public record Waits(int reads, long median, long p999, long longest) {
        @Override
        public String toString() {
            return String.format(
                    "%,d reads: median %.2f ms, p99.9 %.1f ms, longest %.1f ms",
                    reads, median / 1e6, p999 / 1e6, longest / 1e6);
        }
    }

    private final ChildProcess process;

    public WaitingClient(String connectString, String path) {
        process = ChildProcess.start(
                WaitingClient.class, List.of("-Xmx64m", "-XX:+UseSerialGC"), List.of(connectString, path));
        process.nextLine();
    }

    /** Those since the last question. */
    public Waits waits() {
        String[] fields = process.ask("waits?").split(" ", -1);
        return new Waits(
                Integer.parseInt(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]));
    }

    @Override
    public void close() {
        process.close();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (CoordClient client =
                CoordClient.builder().connectString(arguments[0]).build().start()) {
            Reads reads = new Reads(client, arguments[1]);
            Thread reader = new Thread(reads, "reader");
            reader.setDaemon(true);
            reader.start();
            ChildProcess.tell("reading");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                ChildProcess.tell(reads.take());
            }
            reads.ended = true;
            reader.join(Duration.ofSeconds(5).toMillis());
        }
    }

    /** Thread-safe: the monitor guards the waits. */
    private static final class Reads implements Runnable {
        private final CoordClient client;
        private final String path;
        private long[] waits = new long[1 << 16];
        private int count;
        private volatile boolean ended;

        Reads(CoordClient client, String path) {
            this.client = client;
            this.path = path;
        }

        @Override
        public void run() {
            while (!ended) {
                long asked = System.nanoTime();
                client.checkExists().forPath(path);
                long now = System.nanoTime();
                add(now - asked);
                LockSupport.parkNanos(asked + 1_000_000 - now);
            }
        }

        private synchronized void add(long waited) {
            if (count == waits.length) {
                waits = Arrays.copyOf(waits, 2 * count);
            }
            waits[count++] = waited;
        }

        synchronized String take() {
            long[] sorted = Arrays.copyOf(waits, count);
            count = 0;
            if (sorted.length == 0) {
                return "0 0 0 0";
            }
            Arrays.sort(sorted);
            return sorted.length + " " + sorted[sorted.length / 2] + " " + sorted[(int) (sorted.length * 0.999)] + " "
                    + sorted[sorted.length - 1];
        }
    }
}
