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
    CONTAINER(4, false, false),
    /** Removed by the server when it has had no children and no new data for its time to live. */
    PERSISTENT_WITH_TTL(5, false, false),
    /** As {@link #PERSISTENT_WITH_TTL}, its name extended by the parent's counter. */
    PERSISTENT_SEQUENTIAL_WITH_TTL(6, false, true);

    /** The longest time to live, in milliseconds: about 34 years. */
    public static final long MAX_TTL_MS = (1L << 40) - 1;

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

    /** Whether a create in this mode carries a time to live. */
    public boolean isTtl() {
        return this == PERSISTENT_WITH_TTL || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
    }

    /** The mode with this flag, or null when there is none. */
    public static @Nullable CreateMode ofFlag(int flag) {
        return switch (flag) {
            case 0 -> PERSISTENT;
            case 1 -> EPHEMERAL;
            case 2 -> PERSISTENT_SEQUENTIAL;
            case 3 -> EPHEMERAL_SEQUENTIAL;
            case 4 -> CONTAINER;
            case 5 -> PERSISTENT_WITH_TTL;
            case 6 -> PERSISTENT_SEQUENTIAL_WITH_TTL;
            default -> null;
        };
    }
}
