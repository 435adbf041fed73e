package io.coord.server.standalone;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process was given besides its arguments. All of it is set by {@code bin/coord-server}; without that script nothing is,
 * and the server logs to its standard output.
 *
 * @param flags the JVM's system properties
 * @param logFile the file to log to, of which older ones are kept beside it; null for the standard output
 * @param logConfig levels, in the JDK's format
 * @param pidFile removed when the server has stopped
 * @param addressFile written when clients can connect, removed when the server has stopped
 */
record Environment(
        Map<String, String> flags,
        @Nullable Path logFile,
        @Nullable Path logConfig,
        @Nullable Path pidFile,
        @Nullable Path addressFile) {

    static Environment ofProcess() {
        Map<String, String> flags = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            flags.put(name, System.getProperty(name));
        }
        return new Environment(
                flags,
                path("COORD_LOG_FILE"),
                path("COORD_LOG_CONFIG"),
                path("COORD_PID_FILE"),
                path("COORD_ADDRESS_FILE"));
    }

    private static @Nullable Path path(String variable) {
        @Nullable String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : Path.of(value);
    }
}
