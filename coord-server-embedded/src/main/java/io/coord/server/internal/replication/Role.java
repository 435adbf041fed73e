package io.coord.server.internal.replication;

/** What a server is among those that share one log. */
public enum Role {
    /** Orders what is submitted, and is the only one that decides which sessions have been silent for too long. */
    LEADER,
    /** In touch with a leader: serves clients, sends their writes on, and reports whom it has heard of. */
    FOLLOWER,
    /**
     * Knows of no leader, or has not been heard by one lately, or has yet to catch up with it. What it would answer may be
     * arbitrarily old, and the sessions of its clients are about to expire without its noticing: it serves nobody.
     */
    LOOKING
}
