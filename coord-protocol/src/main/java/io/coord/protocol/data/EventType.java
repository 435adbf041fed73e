package io.coord.protocol.data;

import org.jspecify.annotations.Nullable;

/** What a server tells about the path of a watch event. */
public enum EventType {
    NODE_CREATED(1),
    NODE_DELETED(2),
    NODE_DATA_CHANGED(3),
    NODE_CHILDREN_CHANGED(4);

    private final int code;

    EventType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static @Nullable EventType of(int code) {
        return code >= 1 && code <= 4 ? values()[code - 1] : null;
    }
}
