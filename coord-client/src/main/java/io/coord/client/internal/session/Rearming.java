package io.coord.client.internal.session;

import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchRegistry;
import io.coord.protocol.request.SetWatchesRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From which change on a new connection's server looks for what the watches missed. The requests that arm the watches again
 * are answered one by one, and each answer shows the newest change; but a connection that breaks between two answers leaves
 * watches whose misses nobody has looked for. For those the point stays where it was; for all others, those that were set
 * meanwhile too, it is the newest change that the client has seen. Owned by the network thread.
 */
final class Rearming {
    /** As ZooKeeper's client: well below the limit for a frame. */
    static final int BATCH_BYTES = 128 * 1024;

    private final Deque<SetWatchesRequest> unanswered = new ArrayDeque<>();

    /**
     * What is to be sent on a new connection.
     *
     * @param lastZxid the newest change that the client has seen
     */
    List<SetWatchesRequest> requests(WatchRegistry watches, long lastZxid) {
        Map<WatchKind, Map<String, Long>> earlier = new EnumMap<>(WatchKind.class);
        for (SetWatchesRequest each : unanswered) {
            note(earlier, WatchKind.DATA, each.dataWatches(), each.relativeZxid());
            note(earlier, WatchKind.EXIST, each.existWatches(), each.relativeZxid());
            note(earlier, WatchKind.CHILD, each.childWatches(), each.relativeZxid());
        }
        unanswered.clear();
        List<SetWatchesRequest> requests = watches.rearming(
                (kind, path) -> earlier.getOrDefault(kind, Map.of()).getOrDefault(path, lastZxid), BATCH_BYTES);
        unanswered.addAll(requests);
        return requests;
    }

    private static void note(
            Map<WatchKind, Map<String, Long>> earlier, WatchKind kind, List<String> paths, long relativeZxid) {
        for (String path : paths) {
            earlier.computeIfAbsent(kind, any -> new HashMap<>()).put(path, relativeZxid);
        }
    }

    void onAnswered() {
        unanswered.poll();
    }

    /** The next session starts from nothing. */
    void onSessionLost() {
        unanswered.clear();
    }
}
