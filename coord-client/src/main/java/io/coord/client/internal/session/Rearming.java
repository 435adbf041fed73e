package io.coord.client.internal.session;

import io.coord.client.internal.watch.WatchRegistry;
import io.coord.protocol.request.SetWatchesRequest;
import java.util.List;

/**
 * From which change on a new connection's server looks for what the watches missed. The requests that arm the watches again
 * are answered one by one, and each answer shows the newest change; but a connection that breaks between two answers leaves
 * watches whose misses nobody has looked for. So the point stays where it was until all of them are answered. Owned by the
 * network thread.
 */
final class Rearming {
    /** As ZooKeeper's client: well below the limit for a frame. */
    static final int BATCH_BYTES = 128 * 1024;

    private long sinceZxid;
    private int unanswered;

    /**
     * What is to be sent on a new connection.
     *
     * @param lastZxid the newest change that the client has seen
     */
    List<SetWatchesRequest> requests(WatchRegistry watches, long lastZxid) {
        if (unanswered == 0) {
            sinceZxid = lastZxid;
        }
        List<SetWatchesRequest> requests = watches.rearming(sinceZxid, BATCH_BYTES);
        unanswered = requests.size();
        return requests;
    }

    void onAnswered() {
        unanswered--;
    }

    /** The next session starts from nothing. */
    void onSessionLost() {
        unanswered = 0;
    }
}
