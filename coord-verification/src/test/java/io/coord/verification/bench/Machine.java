package io.coord.verification.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.Version;

/** The machine that the figures are from: what it is, how busy it is, who runs on which processor. */
final class Machine {
    /** Before this process was pinned. */
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static final Path PINNING_TOOL = Path.of("/usr/bin/taskset");
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Path STAT = Path.of("/proc/stat");
    private static final String MODEL = "model name";
    private static final long NANOS_A_CLOCK_TICK = 10_000_000;
    private static final int IDLE_FIELD = 4;
    private static final int IO_WAIT_FIELD = 5;
    private static final int STEAL_FIELD = 8;
    private static final double IDLE_SHARE = 0.1;
    private static final int LOOKS = 30;
    private static final long LOOK_NANOS = 1_000_000_000;

    private Machine() {}

    /** One line. */
    static String describe() throws IOException {
        return PROCESSORS + " processors" + model() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + Runtime.version() + ", ZooKeeper "
                + Version.getVersion() + ", Curator "
                + CuratorFramework.class.getPackage().getImplementationVersion() + ", "
                + (canPin() ? "servers on processor 0 and the load on the others" : "nothing pinned");
    }

    private static String model() throws IOException {
        if (!Files.exists(CPU_INFO)) {
            return "";
        }
        return Files.readAllLines(CPU_INFO).stream()
                .filter(line -> line.startsWith(MODEL))
                .findFirst()
                .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
                .orElse("");
    }

    /** Load averages and what runs in the second from now, one line. */
    static String load() throws IOException {
        double share = busyShareNow();
        String averages = Files.exists(LOAD) ? Files.readString(LOAD).strip() : "unknown";
        return String.format(
                        Locale.ROOT,
                        "load average %s; for a second, other processes took %.0f %% of a processor",
                        averages,
                        share * 100)
                + (share > IDLE_SHARE ? ". **THE MACHINE IS NOT IDLE: these figures are worth little**" : "");
    }

    private static double busyShareNow() throws IOException {
        long start = System.nanoTime();
        long before = busyNanos();
        while (System.nanoTime() - start < LOOK_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return (double) (busyNanos() - before) / (System.nanoTime() - start);
    }

    /** Waits for it a while: the build that started this may still compile itself. */
    static boolean becomesIdle() throws IOException {
        for (int i = 0; i < LOOKS; i++) {
            if (busyShareNow() <= IDLE_SHARE) {
                return true;
            }
        }
        return false;
    }

    /** Time of all processors that went to anything but waiting, also to other guests of the host; 0 if the system does not tell. */
    static long busyNanos() throws IOException {
        if (!Files.exists(STAT)) {
            return 0;
        }
        String[] fields = Files.readAllLines(STAT).get(0).split("\\s+", -1);
        long ticks = 0;
        for (int i = 1; i <= STEAL_FIELD; i++) {
            ticks += i == IDLE_FIELD || i == IO_WAIT_FIELD ? 0 : Long.parseLong(fields[i]);
        }
        return ticks * NANOS_A_CLOCK_TICK;
    }

    private static boolean canPin() {
        return Files.isExecutable(PINNING_TOOL) && PROCESSORS > 1;
    }

    /** Words in front of a server's command line: it has the first processor for itself, where that can be said. */
    static List<String> serverPrefix() {
        return canPin() ? List.of(PINNING_TOOL.toString(), "-c", "0") : List.of();
    }

    /**
     * Keeps all threads of this process off the servers' processor. Otherwise client and server now and then share one, and
     * handing over on one processor is several times cheaper than between two: figures from such a run tell nothing.
     */
    static void leaveFirstProcessor() throws IOException, InterruptedException {
        if (canPin()) {
            Process tool = new ProcessBuilder(
                            PINNING_TOOL.toString(),
                            "-a",
                            "-c",
                            "-p",
                            "1-" + (PROCESSORS - 1),
                            String.valueOf(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (tool.waitFor() != 0) {
                throw new IOException("cannot leave the servers' processor");
            }
        }
    }
}
