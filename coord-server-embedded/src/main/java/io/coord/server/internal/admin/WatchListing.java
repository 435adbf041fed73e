package io.coord.server.internal.admin;

import io.coord.server.internal.pipeline.ClientConnection;
import io.coord.server.internal.pipeline.SessionActivity;
import io.coord.server.internal.runtime.Listing;
import io.coord.server.internal.watch.WatchCursor;
import io.coord.server.internal.watch.WatchListener;
import io.coord.server.internal.watch.WatchRegistry;
import java.util.ArrayList;
import java.util.List;

/** Who watches what, path by path. One that stays is in it, and may be twice when others of its path go meanwhile. */
final class WatchListing implements Listing<WatchTable.Watched> {
    private final WatchCursor cursor;
    private final int size;

    /** @param most nobody wants to know of more */
    WatchListing(WatchRegistry watches, int most) {
        this.cursor = watches.cursor(most);
        this.size = watches.size();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<WatchTable.Watched> next(int most) {
        List<WatchTable.Watched> some = new ArrayList<>();
        cursor.next(most, (path, watcher) -> some.add(new WatchTable.Watched(path, sessionOf(watcher))));
        return some;
    }

    private static long sessionOf(WatchListener watcher) {
        SessionActivity activity = ((ClientConnection) watcher).activity();
        return activity == null ? 0 : activity.sessionId();
    }
}
