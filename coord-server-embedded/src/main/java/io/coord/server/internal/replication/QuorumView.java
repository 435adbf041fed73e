package io.coord.server.internal.replication;

import org.jspecify.annotations.Nullable;

/**
 * What a member of an ensemble knows of the others, for operators. Never changes.
 *
 * @param voters members with a vote
 * @param leader the leader's number; -1 when none is known
 * @param led null unless this member leads
 */
public record QuorumView(int voters, int leader, @Nullable Led led) {
    /**
     * What a leader knows of those it leads.
     *
     * @param uptimeMs for which it has led
     * @param learners members that are connected to it, observers as well
     * @param syncedFollowers those with a vote whose log has reached what was committed when they connected
     * @param syncedObservers those without one
     * @param lastEntryBytes of the newest entry that it appended for clients; -1 before the first, as the two others
     */
    public record Led(
            long uptimeMs,
            int learners,
            int syncedFollowers,
            int syncedObservers,
            int lastEntryBytes,
            int minEntryBytes,
            int maxEntryBytes) {}
}
