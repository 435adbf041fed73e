package io.coord.verification.bench;

import com.sun.management.OperatingSystemMXBean;
import io.coord.verification.server.ServerProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** What a server's process, the load generator's thread and everybody else use up meanwhile. */
final class Meter {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ServerProcess server;
    private final long allocatedBefore;
    private final Duration compiledBefore;
    private final long machineBusyBefore;
    private final long ownBefore;
    private final long threadBefore;
    private final Duration cpuBefore;
    private final long startNanos;

    private Meter(ServerProcess server) throws IOException {
        this.server = server;
        this.allocatedBefore = server.allocatedBytes();
        this.compiledBefore = server.compileTime();
        this.machineBusyBefore = Machine.busyNanos();
        this.ownBefore = system.getProcessCpuTime();
        this.threadBefore = threadCpu();
        this.cpuBefore = server.cpuTime();
        this.startNanos = System.nanoTime();
    }

    static Meter start(ServerProcess server) throws IOException {
        return new Meter(server);
    }

    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** On the thread that started it. */
    Usage stop() throws IOException {
        long nanos = System.nanoTime() - startNanos;
        long cpu = server.cpuTime().minus(cpuBefore).toNanos();
        long thread = threadCpu() - threadBefore;
        long others = Machine.busyNanos() - machineBusyBefore - cpu - (system.getProcessCpuTime() - ownBefore);
        return new Usage(
                nanos,
                cpu,
                server.compileTime().minus(compiledBefore).toNanos(),
                server.allocatedBytes() - allocatedBefore,
                (double) thread / nanos,
                Math.max(0, (double) others / nanos));
    }

    /**
     * What was used.
     *
     * @param cpuNanos of the server's process, user and system
     * @param compileNanos that the server's just-in-time compiler worked: a server that is not warm yet
     * @param allocatedBytes by the server's threads
     * @param generatorShare of one processor; near 1 the generator is what is measured
     * @param othersShare of one processor, for the kernel's own threads and for what else runs on the machine
     */
    record Usage(
            long nanos,
            long cpuNanos,
            long compileNanos,
            long allocatedBytes,
            double generatorShare,
            double othersShare) {
        double seconds() {
            return nanos / 1e9;
        }

        /** Of the server's CPU time. */
        double compileShare() {
            return cpuNanos == 0 ? 0 : (double) compileNanos / cpuNanos;
        }
    }
}
