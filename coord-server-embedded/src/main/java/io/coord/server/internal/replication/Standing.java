package io.coord.server.internal.replication;

/** What operators are told of a server's place among others, in ZooKeeper's words. */
public enum Standing {
    /** There are no others. */
    STANDALONE("standalone"),
    LEADER("leader"),
    /** Has a vote. */
    FOLLOWER("follower"),
    /** Has none. */
    OBSERVER("observer"),
    /** Serves nobody: see {@link Role#LOOKING}. */
    LOOKING("looking");

    private final String word;

    Standing(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
