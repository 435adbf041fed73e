package io.coord.verification.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.HdrHistogram.Histogram;

/** What this process spends between two moments; threads that ended in between take their allocation with them. */
final class RecipeMeter {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OwnCompiler compiler = OwnCompiler.start();
    private final long cpu = system.getProcessCpuTime();
    private final long allocated = allocatedBytes();
    private final long start = System.nanoTime();

    /** @param times what it was done for */
    Figures since(long times, Histogram latencies) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long cpuNanos = system.getProcessCpuTime() - cpu;
        return new Figures(
                times,
                times / seconds,
                cpuNanos / 1e3 / times,
                (double) (allocatedBytes() - allocated) / times,
                compiler.shareOf(cpuNanos),
                latencies);
    }

    private long allocatedBytes() {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }

    /**
     * @param cpuMicros of each time
     * @param bytes of each time
     * @param compileShare of the CPU time: code that is not warm yet
     */
    record Figures(
            long times, double perSecond, double cpuMicros, double bytes, double compileShare, Histogram latencies) {}
}
