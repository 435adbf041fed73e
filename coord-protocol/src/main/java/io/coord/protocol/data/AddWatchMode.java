package io.coord.protocol.data;

import org.jspecify.annotations.Nullable;

/** The two kinds of watch that stay after they fired. */
public enum AddWatchMode {
    /** Tells of changes of the znode itself and of its list of children. */
    PERSISTENT(0),
    /** Tells of creation, change and deletion of the znode and of all below it; never of lists of children. */
    PERSISTENT_RECURSIVE(1);

    private final int code;

    AddWatchMode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static @Nullable AddWatchMode of(int code) {
        return switch (code) {
            case 0 -> PERSISTENT;
            case 1 -> PERSISTENT_RECURSIVE;
            default -> null;
        };
    }
}
