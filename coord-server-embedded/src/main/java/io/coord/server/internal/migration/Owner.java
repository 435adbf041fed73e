package io.coord.server.internal.migration;

import io.coord.server.internal.tree.Znode;

/**
 * What the field {@code ephemeralOwner} of a ZooKeeper znode means. The newer forms are Coord's own, too: all ones in the top
 * byte, two bytes of zeros, a time to live; and the least number for a container. 3.5.3 marked a time to live by the top bit.
 */
enum Owner {
    NOBODY,
    SESSION,
    CONTAINER,
    TTL,
    /** By a top byte that a session of server 128 has, too. */
    PERHAPS_TTL_OF_353;

    private static final int TOP_BYTE_SHIFT = 56;
    private static final long TTL_TOP_BYTE = 0xff;
    private static final long OLD_TOP_BYTE = 0x80;
    private static final long RESERVED_MASK = 0xffffL << 40;

    static Owner of(long owner) {
        if (owner == 0) {
            return NOBODY;
        }
        if (owner == Znode.CONTAINER) {
            return CONTAINER;
        }
        long topByte = owner >>> TOP_BYTE_SHIFT;
        boolean reservedIsFree = (owner & RESERVED_MASK) == 0;
        if (topByte == TTL_TOP_BYTE && reservedIsFree) {
            return TTL;
        }
        return topByte == OLD_TOP_BYTE && reservedIsFree ? PERHAPS_TTL_OF_353 : SESSION;
    }

    /** Whether Coord could tell a session with this id from a znode with a time to live. */
    static boolean isPossibleSession(long id) {
        return id != 0 && id != Znode.CONTAINER && id >>> TOP_BYTE_SHIFT != TTL_TOP_BYTE;
    }
}
