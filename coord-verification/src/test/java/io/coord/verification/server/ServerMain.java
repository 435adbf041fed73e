package io.coord.verification.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.ThreadMXBean;
import io.coord.verification.server.ServerUnderTest.Implementation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A server in a process of its own: {@code <implementation> <directory> <tick in ms> <fsync>}. It prints its port, answers
 * the questions of {@link Question} about its JVM, one a line, and ends when its standard input does, so that it never
 * outlives the process that started it.
 */
final class ServerMain {
    static final String READY = "listening on ";
    static final String ANSWER = "answer ";

    private ServerMain() {}

    /** What {@link ServerProcess} may ask. */
    enum Question {
        /** Bytes that the threads alive now have allocated on the heap so far. */
        ALLOCATED,
        /** Milliseconds that the just-in-time compiler has worked so far. */
        COMPILED_MS,
        /** Bytes of the heap in use after a full collection. */
        LIVE_HEAP,
        /** See {@link PauseProbe#longestCollectionNanos}; the first of these two questions starts the probe. */
        LONGEST_COLLECTION,
        /** See {@link PauseProbe#longestTurnNanos}. */
        LONGEST_TURN
    }

    private static @Nullable PauseProbe probe;

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        // Nobody reads it, and ZooKeeper's is off too.
        ((Logger) LoggerFactory.getLogger("io.coord")).setLevel(Level.WARN);
        Implementation implementation = Implementation.valueOf(arguments[0]);
        Path directory = Path.of(arguments[1]);
        int tickMs = Integer.parseInt(arguments[2]);
        boolean fsync = Boolean.parseBoolean(arguments[3]);
        System.setProperty("zookeeper.forceSync", fsync ? "yes" : "no");
        ServerUnderTest server =
                switch (implementation) {
                    case ZOOKEEPER ->
                        ZooKeeperUnderTest.start(directory, tickMs, ServerUnderTest.CONTAINER_CHECK_MS, null);
                    case COORD -> CoordUnderTest.start(directory, tickMs, fsync);
                };
        System.out.println(READY + server.port());
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            System.out.println(ANSWER + answer(Question.valueOf(line), server));
        }
        server.close();
        Runtime.getRuntime().halt(0);
    }

    private static long answer(Question question, ServerUnderTest server) {
        return switch (question) {
            case ALLOCATED -> allocated();
            case COMPILED_MS -> ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
            case LIVE_HEAP -> liveHeap();
            case LONGEST_COLLECTION -> probe(server).longestCollectionNanos();
            case LONGEST_TURN -> probe(server).longestTurnNanos();
        };
    }

    private static PauseProbe probe(ServerUnderTest server) {
        PauseProbe started = probe;
        if (started == null) {
            started = PauseProbe.start(server instanceof CoordUnderTest coord ? coord::awaitTurn : null);
            probe = started;
        }
        return started;
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }

    private static long liveHeap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
