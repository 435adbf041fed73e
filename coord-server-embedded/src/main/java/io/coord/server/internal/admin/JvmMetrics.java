package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.PrometheusText;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the process tells of itself, under the names that ZooKeeper's provider gives it, which are those of Prometheus' Java
 * client before its first version: {@code jvm_memory_bytes_used} and so on.
 */
final class JvmMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double MILLIS = 1_000;
    private static final double KILOBYTE = 1_024;
    private static final String GAUGE = "gauge";
    private static final String COUNTER = "counter";

    private JvmMetrics() {}

    static void addTo(PrometheusText text) {
        addProcess(text);
        addMemory(text);
        addPools(text);
        addCollectors(text);
        addThreads(text);
        addClasses(text);
        addVersion(text);
    }

    private static void add(PrometheusText text, String name, String type, double value) {
        text.family(name, type);
        text.sample(name, value);
    }

    private static void add(PrometheusText text, String name, String type, long value) {
        add(text, name, type, (double) value);
    }

    private static void addProcess(PrometheusText text) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            double seconds = system.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1);
            add(text, "process_cpu_seconds_total", COUNTER, seconds);
        }
        long startMs = ManagementFactory.getRuntimeMXBean().getStartTime();
        add(text, "process_start_time_seconds", GAUGE, startMs / MILLIS);
        if (ProcessEnvironment.openFiles() >= 0) {
            add(text, "process_open_fds", GAUGE, ProcessEnvironment.openFiles());
            add(text, "process_max_fds", GAUGE, ProcessEnvironment.mostOpenFiles());
        }
        for (String line : statusLines()) {
            if (line.startsWith("VmSize:")) {
                add(text, "process_virtual_memory_bytes", GAUGE, bytesIn(line));
            } else if (line.startsWith("VmRSS:")) {
                add(text, "process_resident_memory_bytes", GAUGE, bytesIn(line));
            }
        }
    }

    /** Empty where the system has no such file. */
    private static List<String> statusLines() {
        if (!Files.isReadable(STATUS)) {
            return List.of();
        }
        try {
            return Files.readAllLines(STATUS);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static double bytesIn(String line) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KILOBYTE;
    }

    private static void addMemory(PrometheusText text) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        MemoryUsage heap = memory.getHeapMemoryUsage();
        MemoryUsage other = memory.getNonHeapMemoryUsage();
        addAreas(text, "jvm_memory_bytes_used", heap.getUsed(), other.getUsed());
        addAreas(text, "jvm_memory_bytes_committed", heap.getCommitted(), other.getCommitted());
        addAreas(text, "jvm_memory_bytes_max", heap.getMax(), other.getMax());
        addAreas(text, "jvm_memory_bytes_init", heap.getInit(), other.getInit());
    }

    private static void addAreas(PrometheusText text, String name, long heap, long other) {
        text.family(name, GAUGE);
        text.sample(name, (double) heap, "area", "heap");
        text.sample(name, (double) other, "area", "nonheap");
    }

    private static void addPools(PrometheusText text) {
        addPools(text, "jvm_memory_pool_bytes_used", MemoryUsage::getUsed);
        addPools(text, "jvm_memory_pool_bytes_committed", MemoryUsage::getCommitted);
        addPools(text, "jvm_memory_pool_bytes_max", MemoryUsage::getMax);
        addPools(text, "jvm_memory_pool_bytes_init", MemoryUsage::getInit);
        List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        addBuffers(text, "jvm_buffer_pool_used_bytes", buffers, BufferPoolMXBean::getMemoryUsed);
        addBuffers(text, "jvm_buffer_pool_capacity_bytes", buffers, BufferPoolMXBean::getTotalCapacity);
        addBuffers(text, "jvm_buffer_pool_used_buffers", buffers, BufferPoolMXBean::getCount);
    }

    private static void addPools(PrometheusText text, String name, ToLongFunction<MemoryUsage> value) {
        text.family(name, GAUGE);
        for (MemoryPoolMXBean each : ManagementFactory.getMemoryPoolMXBeans()) {
            text.sample(name, (double) value.applyAsLong(each.getUsage()), "pool", each.getName());
        }
    }

    private static void addBuffers(
            PrometheusText text, String name, List<BufferPoolMXBean> pools, ToLongFunction<BufferPoolMXBean> value) {
        text.family(name, GAUGE);
        for (BufferPoolMXBean each : pools) {
            text.sample(name, (double) value.applyAsLong(each), "pool", each.getName());
        }
    }

    private static void addCollectors(PrometheusText text) {
        String name = "jvm_gc_collection_seconds";
        text.family(name, "summary");
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            text.sample(name + "_count", (double) each.getCollectionCount(), "gc", each.getName());
            text.sample(name + "_sum", each.getCollectionTime() / MILLIS, "gc", each.getName());
        }
    }

    private static void addThreads(PrometheusText text) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        add(text, "jvm_threads_current", GAUGE, threads.getThreadCount());
        add(text, "jvm_threads_daemon", GAUGE, threads.getDaemonThreadCount());
        add(text, "jvm_threads_peak", GAUGE, threads.getPeakThreadCount());
        add(text, "jvm_threads_started_total", COUNTER, threads.getTotalStartedThreadCount());
        add(text, "jvm_threads_deadlocked", GAUGE, lengthOf(threads.findDeadlockedThreads()));
        add(text, "jvm_threads_deadlocked_monitor", GAUGE, lengthOf(threads.findMonitorDeadlockedThreads()));
        String name = "jvm_threads_state";
        text.family(name, GAUGE);
        Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);
        for (Thread.State each : Thread.State.values()) {
            states.put(each, 0);
        }
        for (ThreadInfo each : threads.getThreadInfo(threads.getAllThreadIds(), 0)) {
            if (each != null) {
                states.merge(each.getThreadState(), 1, Integer::sum);
            }
        }
        states.forEach((state, count) -> text.sample(name, count, "state", state.name()));
    }

    private static int lengthOf(long @Nullable [] ids) {
        return ids == null ? 0 : ids.length;
    }

    private static void addClasses(PrometheusText text) {
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        add(text, "jvm_classes_loaded", GAUGE, classes.getLoadedClassCount());
        add(text, "jvm_classes_loaded_total", COUNTER, classes.getTotalLoadedClassCount());
        add(text, "jvm_classes_unloaded_total", COUNTER, classes.getUnloadedClassCount());
    }

    private static void addVersion(PrometheusText text) {
        Map<String, String> properties = ManagementFactory.getRuntimeMXBean().getSystemProperties();
        String name = "jvm_info";
        text.family(name, GAUGE);
        text.sample(
                name,
                1,
                "version",
                properties.getOrDefault("java.runtime.version", "unknown"),
                "vendor",
                properties.getOrDefault("java.vm.vendor", "unknown"),
                "runtime",
                properties.getOrDefault("java.runtime.name", "unknown"));
    }
}
