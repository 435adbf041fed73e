package io.coord.server.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;

/** The process's log, by the JDK's own logging: a fifth of a second less for each start than with a large library. */
final class Logging {
    private static final String MANAGER = "java.util.logging.manager";
    private static final String LIMIT = "java.util.logging.FileHandler.limit";
    private static final String COUNT = "java.util.logging.FileHandler.count";
    private static final int DEFAULT_LIMIT = 10 << 20;
    private static final int DEFAULT_COUNT = 10;
    private static final String AUDIT = "org.apache.zookeeper.audit.Slf4jAuditLogger";

    private Logging() {}

    /**
     * Before anything else of the process logs.
     *
     * @param file with a dot in its name, before which numbers go; null for the standard output
     * @param config levels; null for the default ones
     * @throws IOException when the file cannot be written
     */
    static void start(@Nullable Path file, @Nullable Path config) throws IOException {
        System.setProperty(MANAGER, LastingLogManager.class.getName());
        LogManager manager = LogManager.getLogManager();
        if (config != null && Files.isRegularFile(config)) {
            try (InputStream levels = Files.newInputStream(config)) {
                manager.updateConfiguration(levels, key -> (before, now) -> now);
            }
        }
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler handler = file == null ? new Console(System.out) : toFile(manager, file);
        handler.setFormatter(new LogLine(ZoneId.systemDefault()));
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    /**
     * Parts the audit log from the rest.
     *
     * @param file that of the rest, beside whose files those of the audit log are; null for one standard output for both
     * @throws IOException when its file cannot be written
     */
    static void startAudit(@Nullable Path file) throws IOException {
        if (file == null) {
            return;
        }
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        Handler handler = toFile(
                LogManager.getLogManager(),
                file.resolveSibling(name.substring(0, dot) + "-audit" + name.substring(dot)));
        handler.setFormatter(new LogLine(ZoneId.systemDefault()));
        handler.setFilter(event -> AUDIT.equals(event.getLoggerName()));
        // Not at a logger of that name: the JDK forgets one that nobody holds, and with it what was set.
        Logger root = Logger.getLogger("");
        for (Handler each : root.getHandlers()) {
            each.setFilter(event -> !AUDIT.equals(event.getLoggerName()));
        }
        root.addHandler(handler);
    }

    private static Handler toFile(LogManager manager, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        // "coord.log" becomes coord.0.log, the newest, and coord.1.log and so on.
        String name = file.toString().replace("%", "%%");
        int dot = name.lastIndexOf('.');
        return new FileHandler(
                name.substring(0, dot) + ".%g" + name.substring(dot),
                number(manager, LIMIT, DEFAULT_LIMIT),
                number(manager, COUNT, DEFAULT_COUNT),
                true);
    }

    private static int number(LogManager manager, String key, int otherwise) {
        @Nullable String value = manager.getProperty(key);
        try {
            return value == null ? otherwise : Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("logging.properties: " + key + "=" + value + " is no number", e);
        }
    }

    /** Last of all. */
    static void end() {
        if (LogManager.getLogManager() instanceof LastingLogManager manager) {
            manager.end();
        }
    }

    /** Each line at once. */
    private static final class Console extends StreamHandler {
        Console(OutputStream out) {
            setOutputStream(out);
        }

        @Override
        public synchronized void publish(LogRecord event) {
            super.publish(event);
            flush();
        }

        /** Standard output is not ours to close. */
        @Override
        public synchronized void close() {
            flush();
        }
    }
}
