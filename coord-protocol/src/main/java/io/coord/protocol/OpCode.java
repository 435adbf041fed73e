package io.coord.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The operations that Coord speaks, with their wire numbers ({@code ZooDefs.OpCode}). A number that is not here is an
 * unknown operation: the server answers {@link ErrorCode#UNIMPLEMENTED} and closes the connection.
 */
public enum OpCode {
    CREATE(1, true),
    DELETE(2, true),
    EXISTS(3, false),
    GET_DATA(4, false),
    SET_DATA(5, true),
    GET_ACL(6, false),
    SET_ACL(7, true),
    GET_CHILDREN(8, false),
    SYNC(9, false),
    PING(11, false),
    GET_CHILDREN2(12, false),
    /** Legal only inside a {@link #MULTI}. */
    CHECK(13, true),
    MULTI(14, true),
    CREATE2(15, true),
    /** For ensembles only. */
    RECONFIG(16, true),
    CHECK_WATCHES(17, false),
    REMOVE_WATCHES(18, false),
    CREATE_CONTAINER(19, true),
    CREATE_TTL(21, true),
    MULTI_READ(22, false),
    AUTH(100, false),
    SET_WATCHES(101, false),
    /** One step of an authentication by SASL; the answer is the next one. */
    SASL(102, false),
    GET_EPHEMERALS(103, false),
    GET_ALL_CHILDREN_NUMBER(104, false),
    SET_WATCHES2(105, false),
    ADD_WATCH(106, false),
    WHO_AM_I(107, false),
    CLOSE_SESSION(-11, true);

    private static final int HIGHEST = 107;
    private static final @Nullable OpCode[] BY_CODE = byCode();

    private final int code;
    private final boolean write;

    OpCode(int code, boolean write) {
        this.code = code;
        this.write = write;
    }

    public int code() {
        return code;
    }

    /** Whether the operation changes replicated state, and therefore goes through the log and takes a zxid. */
    public boolean isWrite() {
        return write;
    }

    /** The operation with this wire number, or null when Coord does not speak it. */
    public static @Nullable OpCode of(int code) {
        if (code >= 0 && code <= HIGHEST) {
            return BY_CODE[code];
        }
        return code == CLOSE_SESSION.code ? CLOSE_SESSION : null;
    }

    private static @Nullable OpCode[] byCode() {
        @Nullable OpCode[] table = new @Nullable OpCode[HIGHEST + 1];
        for (OpCode op : values()) {
            if (op.code >= 0) {
                table[op.code] = op;
            }
        }
        return table;
    }
}
