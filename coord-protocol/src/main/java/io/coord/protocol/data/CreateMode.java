package io.coord.protocol.data;

import org.jspecify.annotations.Nullable;

/** The kinds of znode that a client may create, with the flags of ZooKeeper's create request. */
public enum CreateMode {
    /** Stays until it is deleted. */
    PERSISTENT(0, false, false),
    /** Dies with the session that created it; may have no children. */
    EPHEMERAL(1, true, false),
    /** Persistent, its name extended by the parent's counter. */
    PERSISTENT_SEQUENTIAL(2, false, true),
    /** Ephemeral, its name extended by the parent's counter. */
    EPHEMERAL_SEQUENTIAL(3, true, true),
    /** Removed by the server some time after its last child is gone. */
    CONTAINER(4, false, false);

    private final int flag;
    private final boolean ephemeral;
    private final boolean sequential;

    CreateMode(int flag, boolean ephemeral, boolean sequential) {
        this.flag = flag;
        this.ephemeral = ephemeral;
        this.sequential = sequential;
    }

    public int flag() {
        return flag;
    }

    public boolean isEphemeral() {
        return ephemeral;
    }

    public boolean isSequential() {
        return sequential;
    }

    /** The mode with this flag, or null when there is none. */
    public static @Nullable CreateMode ofFlag(int flag) {
        return switch (flag) {
            case 0 -> PERSISTENT;
            case 1 -> EPHEMERAL;
            case 2 -> PERSISTENT_SEQUENTIAL;
            case 3 -> EPHEMERAL_SEQUENTIAL;
            case 4 -> CONTAINER;
            default -> null;
        };
    }
}
