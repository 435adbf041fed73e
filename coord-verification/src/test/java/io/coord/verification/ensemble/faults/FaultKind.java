package io.coord.verification.ensemble.faults;

import java.util.Locale;

/** What is done to an ensemble. */
enum FaultKind {
    LEADER_KILLED,
    MEMBER_KILLED,
    MINORITY_KILLED,
    ALL_KILLED,
    LEADER_STOPPED_IN_ORDER,
    ALL_RESTARTED_ONE_BY_ONE,
    LEADER_STANDS_STILL,
    MEMBER_STANDS_STILL,
    MAJORITY_STANDS_STILL,
    LEADER_PARTED,
    MEMBER_PARTED,
    HALVES_PARTED,
    ONE_WAY_TO_THE_LEADER,
    ONE_WAY_FROM_THE_LEADER,
    ONE_WAY,
    BRIDGE,
    LINKS_CUT,
    LINKS_REFUSED,
    LINKS_SLOW,
    CLIENTS_CUT,
    CLIENTS_BLOCKED,
    KILLED_WHILE_PARTED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
