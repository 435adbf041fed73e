package io.coord.verification.simulation.invariant;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * G10, G11, G13 and G14 for watches that fire once. A watch is the client's, over all its connections: from the reply that
 * armed it on, no reply may show a zxid at which the watched thing has changed, before the event has come.
 */
final class WatchesComeBeforeNewerData extends Invariant {
    private static final class Armed {
        final Map<String, Long> data = new HashMap<>();
        final Map<String, Long> children = new HashMap<>();
        /** Paths that were watched with an exists when they were not there. */
        final Set<String> missing = new HashSet<>();

        final Set<String> persistent = new HashSet<>();
        /** Armed by reads that the client had given up; the server does not know that. */
        final Set<String> unwanted = new HashSet<>();

        long newestEvent;
    }

    private final History history;
    private final Map<Integer, Armed> clients = new HashMap<>();

    WatchesComeBeforeNewerData(History history) {
        super(
                "each watch fires once, in order, behind the reply that armed it and before any reply that shows the change");
        this.history = history;
    }

    private Armed of(int client) {
        return clients.computeIfAbsent(client, any -> new Armed());
    }

    @Override
    protected void onClientGone(int client) {
        clients.remove(client);
    }

    @Override
    protected void onDisconnected(int client) {
        of(client).newestEvent = 0;
        of(client).unwanted.clear();
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        if (zxid == 0 || request instanceof CloseSessionRequest) {
            // The end of a session shows nothing, and whoever comes back to end it arms nothing before.
            return;
        }
        Armed armed = of(client);
        if (request instanceof SetWatchesRequest) {
            // A znode that came and went while the client was away leaves such a watch as it was: nobody can tell.
            for (String each : armed.missing) {
                if (armed.data.containsKey(each) && !history.at(each, zxid).exists()) {
                    armed.data.put(each, zxid);
                }
            }
        }
        checkNothingIsMissed(client, armed, zxid);
        if (error == 0 || error == ErrorCode.NO_NODE.code()) {
            arm(armed, zxid, error == 0, request);
        }
    }

    @Override
    protected void onAbandoned(int client, Request request) {
        Armed armed = of(client);
        if (request instanceof GetDataRequest read && read.watch()) {
            armed.unwanted.add(read.path());
        } else if (request instanceof ExistsRequest read && read.watch()) {
            armed.unwanted.add(read.path());
        } else if (request instanceof GetChildrenRequest read && read.watch()) {
            armed.unwanted.add(read.path());
        } else if (request instanceof AddWatchRequest added) {
            armed.persistent.add(added.path());
        }
    }

    private void checkNothingIsMissed(int client, Armed armed, long zxid) {
        for (Map.Entry<String, Long> each : armed.data.entrySet()) {
            check(client, history.firstChange(each.getKey(), each.getValue(), false), zxid);
        }
        for (Map.Entry<String, Long> each : armed.children.entrySet()) {
            check(client, history.firstChange(each.getKey(), each.getValue(), true), zxid);
        }
    }

    private void check(int client, History.@Nullable Change missed, long zxid) {
        require(
                missed == null || missed.zxid() > zxid,
                "client %d is answered at zxid 0x%x and was not told of %s",
                client,
                zxid,
                missed);
    }

    private static void arm(Armed armed, long zxid, boolean found, @Nullable Request request) {
        if (request instanceof GetDataRequest read && read.watch() && found) {
            armed.data.putIfAbsent(read.path(), zxid);
        } else if (request instanceof ExistsRequest read && read.watch()) {
            armed.data.putIfAbsent(read.path(), zxid);
            if (!found) {
                armed.missing.add(read.path());
            }
        } else if (request instanceof GetChildrenRequest read && read.watch() && found) {
            armed.children.putIfAbsent(read.path(), zxid);
        } else if (request instanceof AddWatchRequest added) {
            armed.persistent.add(added.path());
        }
    }

    @Override
    protected void onEvent(int client, long zxid, WatcherEvent event) {
        Armed armed = of(client);
        EventType type = EventType.of(event.type());
        boolean ofChildren = type == EventType.NODE_CHILDREN_CHANGED;
        String path = event.path();
        if (zxid >= 0) {
            require(zxid >= armed.newestEvent, "client %d gets event %s of zxid 0x%x late", client, event, zxid);
            armed.newestEvent = zxid;
        }
        Long data = ofChildren ? null : armed.data.remove(path);
        Long children = ofChildren || type == EventType.NODE_DELETED ? armed.children.remove(path) : null;
        armed.missing.remove(path);
        if (data == null && children == null) {
            require(
                    armed.unwanted.contains(path) || coveredByPersistent(armed, path),
                    "client %d gets %s without a watch",
                    client,
                    event);
            return;
        }
        if (zxid >= 0) {
            checkIsFirst(client, event, zxid, data, false);
            checkIsFirst(client, event, zxid, children, true);
        }
    }

    private void checkIsFirst(int client, WatcherEvent event, long zxid, @Nullable Long armedAt, boolean ofChildren) {
        if (armedAt != null) {
            History.Change first = history.firstChange(event.path(), armedAt, ofChildren);
            require(
                    first != null && first.zxid() == zxid,
                    "client %d gets %s of zxid 0x%x, the first change was %s",
                    client,
                    event,
                    zxid,
                    first);
        }
    }

    private static boolean coveredByPersistent(Armed armed, String path) {
        for (String each : armed.persistent) {
            if (path.equals(each) || path.startsWith(each + '/')) {
                return true;
            }
        }
        return false;
    }
}
