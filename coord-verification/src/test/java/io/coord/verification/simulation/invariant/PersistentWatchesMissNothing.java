package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** G12 and G13: what happened while a connection was away is lost by design, nothing else. */
final class PersistentWatchesMissNothing extends Invariant {
    private static final int RECURSIVE = 1;

    private static final class Persistent {
        final String root;
        final boolean recursive;
        /** The next change of history to look at; negative while the watch is not armed. */
        int next = -1;

        Persistent(String root, boolean recursive) {
            this.root = root;
            this.recursive = recursive;
        }

        boolean covers(History.Change change) {
            if (!recursive) {
                return change.path().equals(root);
            }
            return change.type() != EventType.NODE_CHILDREN_CHANGED
                    && (change.path().equals(root) || change.path().startsWith(root + '/'));
        }
    }

    private final History history;
    /** Their trees do not overlap, so each change is told to one. */
    private final Map<Integer, List<Persistent>> clients = new HashMap<>();

    PersistentWatchesMissNothing(History history) {
        super("a persistent watch tells each change once and in order for as long as the connection lasts");
        this.history = history;
    }

    @Override
    protected void onDisconnected(int client) {
        watchesOf(client).forEach(watch -> watch.next = -1);
    }

    private List<Persistent> watchesOf(int client) {
        return clients.getOrDefault(client, List.of());
    }

    @Override
    protected void onClientGone(int client) {
        clients.remove(client);
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        for (Persistent watch : watchesOf(client)) {
            if (watch.next >= 0 && zxid > 0) {
                History.Change missed = nextCovered(watch);
                require(
                        missed == null || missed.zxid() > zxid,
                        "client %d is answered at zxid 0x%x and was not told of %s",
                        client,
                        zxid,
                        missed);
            }
        }
        if (error != 0) {
            return;
        }
        if (request instanceof AddWatchRequest added
                && watchesOf(client).stream().noneMatch(watch -> watch.root.equals(added.path()))) {
            Persistent watch = new Persistent(added.path(), added.mode() == RECURSIVE);
            clients.computeIfAbsent(client, any -> new ArrayList<>()).add(watch);
            watch.next = firstBehind(zxid);
        } else if (request instanceof SetWatchesRequest) {
            watchesOf(client).forEach(watch -> watch.next = firstBehind(zxid));
        }
    }

    private int firstBehind(long zxid) {
        int low = 0;
        int high = history.changes().size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (history.changes().get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Skips what does not concern the watch. */
    private History.@Nullable Change nextCovered(Persistent watch) {
        while (watch.next < history.changes().size()) {
            History.Change change = history.changes().get(watch.next);
            if (watch.covers(change)) {
                return change;
            }
            watch.next++;
        }
        return null;
    }

    @Override
    protected void onEvent(int client, long zxid, WatcherEvent event) {
        History.Change told = new History.Change(zxid, EventType.of(event.type()), event.path());
        for (Persistent watch : watchesOf(client)) {
            if (watch.next >= 0 && zxid >= 0 && watch.covers(told)) {
                History.Change expected = nextCovered(watch);
                require(told.equals(expected), "client %d is told of %s, %s is next", client, told, expected);
                watch.next++;
            }
        }
    }
}
