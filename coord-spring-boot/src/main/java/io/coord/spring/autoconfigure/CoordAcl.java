package io.coord.spring.autoconfigure;

/** Access that nodes are created with when a call names no ACL of its own. */
public enum CoordAcl {

    /** Everybody may do everything. */
    OPEN,

    /** Only the identity that created a node may do anything with it. */
    CREATOR,

    /** The identity that created a node may do everything, everybody else may read. */
    READ_ONLY_WORLD
}
