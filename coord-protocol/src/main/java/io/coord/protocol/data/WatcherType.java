package io.coord.protocol.data;

import org.jspecify.annotations.Nullable;

/** Which watches a removeWatches request means. */
public enum WatcherType {
    CHILDREN(1),
    DATA(2),
    ANY(3),
    PERSISTENT(4),
    PERSISTENT_RECURSIVE(5);

    private final int code;

    WatcherType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static @Nullable WatcherType of(int code) {
        return code >= 1 && code <= 5 ? values()[code - 1] : null;
    }
}
