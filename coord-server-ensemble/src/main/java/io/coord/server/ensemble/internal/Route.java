package io.coord.server.ensemble.internal;

/**
 * The way to the leader of a term, which has said of itself that it leads.
 *
 * @param leader its number
 * @param commitIndex up to which its log was committed when it said so
 */
record Route(int leader, long term, long commitIndex) {
    /** There is none. */
    static final Route NONE = new Route(-1, LeaderIntake.NONE, 0);

    boolean isNone() {
        return term == LeaderIntake.NONE;
    }

    boolean isOfSameTerm(Route other) {
        return leader == other.leader && term == other.term;
    }
}
