package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When sessions expire, at one moment, and the ephemerals that they have, each session's at a moment soon after. Immutable.
 *
 * @param ephemerals paths, by the id of the session; as many as were asked for at most
 * @param omitted how many more ephemerals there are
 */
record SessionDump(Expiry expiry, SortedMap<Long, List<String>> ephemerals, int omitted) {
    /**
     * @param times ids of sessions, by the monotonic millisecond
     * @param nowMs the moment, on the same clock
     */
    record Expiry(SortedMap<Long, List<Long>> times, long nowMs) {}

    /** @throws Waiting.NoAnswerException when the owner thread does not answer */
    static SessionDump of(OwnerQuestions owner, ServerInspection inspection, int mostEphemerals) {
        Expiry expiry = Waiting.await(owner.ask(inspection::expiry));
        Waiting.Excerpt<EphemeralListing.Owned> owned = Waiting.collect(owner, inspection::ephemerals, mostEphemerals);
        SortedMap<Long, List<String>> ephemerals = new TreeMap<>();
        for (EphemeralListing.Owned each : owned.entries()) {
            ephemerals
                    .computeIfAbsent(each.sessionId(), id -> new ArrayList<>())
                    .add(each.path());
        }
        ephemerals.values().forEach(paths -> paths.sort(null));
        return new SessionDump(expiry, ephemerals, owned.omitted());
    }
}
