package io.coord.server.internal.watch;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import java.util.List;

/** A connection as the watches see it. */
public interface WatchListener {
    /** Whom the connection has authenticated as, for the check that it may READ what it is told about. */
    List<Id> ids();

    /**
     * A watch has fired. Must not arm or remove watches before it returns.
     *
     * @param zxid of the transaction, -1 for one that was missed while the client was away
     */
    void onWatchEvent(EventType type, String path, long zxid);
}
