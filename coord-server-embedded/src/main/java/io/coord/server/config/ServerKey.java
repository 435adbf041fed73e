package io.coord.server.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key of {@code zoo.cfg} that sets something of a single server. {@code docs/SERVER.md} has a row for each. */
enum ServerKey {
    DATA_DIR("dataDir"),
    DATA_LOG_DIR("dataLogDir"),
    CLIENT_PORT("clientPort"),
    CLIENT_PORT_ADDRESS("clientPortAddress"),
    TICK_TIME("tickTime"),
    MIN_SESSION_TIMEOUT("minSessionTimeout"),
    MAX_SESSION_TIMEOUT("maxSessionTimeout"),
    MAX_CLIENT_CNXNS("maxClientCnxns"),
    MAX_CNXNS("maxCnxns"),
    ENFORCE_QUOTA("enforceQuota"),
    FORCE_SYNC("forceSync"),
    SNAP_COUNT("snapCount"),
    PRE_ALLOC_SIZE("preAllocSize"),
    SNAP_RETAIN_COUNT("autopurge.snapRetainCount"),
    PURGE_INTERVAL("autopurge.purgeInterval"),
    JUTE_MAX_BUFFER("jute.maxbuffer"),
    CONTAINER_CHECK_INTERVAL("znode.container.checkIntervalMs"),
    CONTAINER_MAX_NEVER_USED("znode.container.maxNeverUsedIntervalMs");

    private static final Map<String, ServerKey> BY_NAME = new HashMap<>();

    static {
        for (ServerKey key : values()) {
            BY_NAME.put(key.spelling, key);
        }
    }

    final String spelling;

    ServerKey(String spelling) {
        this.spelling = spelling;
    }

    static @Nullable ServerKey of(String spelling) {
        return BY_NAME.get(spelling);
    }
}
