package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.ServerVersion;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Where the server runs, for {@code envi} and the commands like it. Shown, never used. May block on the host's name. */
final class ProcessEnvironment {
    private static final String UNKNOWN = "<NA>";
    private static final long MEGABYTE = 1 << 20;
    private static final List<String> SHOWN = List.of(
            "java.version",
            "java.vendor",
            "java.home",
            "java.class.path",
            "java.library.path",
            "java.io.tmpdir",
            "java.compiler",
            "os.name",
            "os.arch",
            "os.version",
            "user.name",
            "user.home",
            "user.dir");
    private static final List<String> SECRETS = List.of("password", "passwd", "secret", "token", "credential");

    private ProcessEnvironment() {}

    /** In ZooKeeper's order. */
    static Map<String, String> environment() {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("zookeeper.version", ServerVersion.FULL);
        shown.put("host.name", hostName());
        Map<String, String> properties = ManagementFactory.getRuntimeMXBean().getSystemProperties();
        for (String each : SHOWN) {
            shown.put(each, properties.getOrDefault(each, UNKNOWN));
        }
        Runtime runtime = Runtime.getRuntime();
        shown.put("os.memory.free", runtime.freeMemory() / MEGABYTE + "MB");
        shown.put("os.memory.max", runtime.maxMemory() / MEGABYTE + "MB");
        shown.put("os.memory.total", runtime.totalMemory() / MEGABYTE + "MB");
        return shown;
    }

    /** By name. What may be a secret is not shown, unlike in ZooKeeper. */
    static Map<String, String> systemProperties() {
        Map<String, String> shown =
                new TreeMap<>(ManagementFactory.getRuntimeMXBean().getSystemProperties());
        shown.replaceAll((name, value) -> isSecret(name) ? "******" : value);
        return shown;
    }

    private static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRETS.stream().anyMatch(lower::contains);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }

    /** -1 where the system does not tell. */
    static long openFiles() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : -1;
    }

    /** -1 where the system does not tell. */
    static long mostOpenFiles() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : -1;
    }
}
