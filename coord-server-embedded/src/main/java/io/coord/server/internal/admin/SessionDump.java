package io.coord.server.internal.admin;

import java.util.List;
import java.util.SortedMap;

/**
 * When sessions expire, and the ephemerals that they have, at one moment. Immutable.
 *
 * @param expiry ids of sessions, by the monotonic millisecond
 * @param ephemerals paths, by the id of the session; as many as were asked for at most
 * @param omitted how many more ephemerals there are
 * @param nowMs the moment, on the clock of {@code expiry}
 */
record SessionDump(
        SortedMap<Long, List<Long>> expiry, SortedMap<Long, List<String>> ephemerals, int omitted, long nowMs) {}
