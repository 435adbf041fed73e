package io.coord.server.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key about what operators may ask. {@code docs/SERVER.md} has a row for each. */
enum AdminKey {
    FOUR_LETTER_WORDS("4lw.commands.whitelist"),
    ADMIN_ENABLED("admin.enableServer"),
    ADMIN_ADDRESS("admin.serverAddress"),
    ADMIN_PORT("admin.serverPort"),
    ADMIN_COMMAND_URL("admin.commandURL"),
    ADMIN_IDLE_TIMEOUT("admin.idleTimeout"),
    METRICS_PROVIDER("metricsProvider.className"),
    METRICS_HOST("metricsProvider.httpHost"),
    METRICS_PORT("metricsProvider.httpPort"),
    METRICS_OF_THE_JVM("metricsProvider.exportJvmInfo"),
    AUDIT("audit.enable");

    private static final Map<String, AdminKey> BY_NAME = new HashMap<>();

    static {
        for (AdminKey key : values()) {
            BY_NAME.put(key.spelling, key);
        }
    }

    final String spelling;

    AdminKey(String spelling) {
        this.spelling = spelling;
    }

    static @Nullable AdminKey of(String spelling) {
        return BY_NAME.get(spelling);
    }
}
