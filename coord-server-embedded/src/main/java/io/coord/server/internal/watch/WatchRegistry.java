package io.coord.server.internal.watch;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.server.internal.auth.AccessList;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.metrics.Summary;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which connection is to be told of which change, by the rules of ZooKeeper 3.9: one-shot watches on a node and on a list of
 * children, persistent ones, and recursive ones that also see all below. One change tells a connection once for the node and
 * once for the parent's list, however many of its watches match; nobody is told of what it may not READ.
 */
public final class WatchRegistry {
    private static final long MISSED = -1;
    private static final int ON_NODE = Watch.DATA | Watch.PERSISTENT | Watch.RECURSIVE;
    private static final int ON_CHILDREN = Watch.CHILDREN | Watch.PERSISTENT;

    private final Map<String, PathWatches> byPath = new HashMap<>();
    private final ServerMetrics metrics;
    private int recursiveCount;
    private int watchCount;
    private int armedCount;
    private int watcherCount;
    private long round;

    /** A registry whose metrics nobody sees. */
    public WatchRegistry() {
        this(new ServerMetrics());
    }

    public WatchRegistry(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    /** Arms the one-shot watch of getData and exists. */
    public void watchData(Watches owner, String path) {
        arm(owner, path, Watch.DATA);
    }

    /** Arms the one-shot watch of getChildren. */
    public void watchChildren(Watches owner, String path) {
        arm(owner, path, Watch.CHILDREN);
    }

    public void watch(Watches owner, String path, AddWatchMode mode) {
        arm(owner, path, mode == AddWatchMode.PERSISTENT_RECURSIVE ? Watch.RECURSIVE : Watch.PERSISTENT);
    }

    /**
     * Disarms.
     *
     * @return whether there was anything to disarm
     */
    public boolean remove(Watches owner, String path, WatcherType type) {
        Watch watch = owner.get(path);
        if (watch == null) {
            return false;
        }
        int kinds = kindsOf(type);
        boolean armed = (watch.kinds & kinds) != 0;
        disarm(watch, kinds);
        return armed;
    }

    /** Whether there is anything that {@link #remove} would disarm. */
    public boolean contains(Watches owner, String path, WatcherType type) {
        Watch watch = owner.get(path);
        return watch != null && (watch.kinds & kindsOf(type)) != 0;
    }

    private static int kindsOf(WatcherType type) {
        return switch (type) {
            case CHILDREN -> Watch.CHILDREN;
            case DATA -> Watch.DATA;
            case PERSISTENT -> Watch.PERSISTENT;
            case PERSISTENT_RECURSIVE -> Watch.RECURSIVE;
            case ANY -> Watch.ONE_SHOT | Watch.PERSISTENT | Watch.RECURSIVE;
        };
    }

    /** The connection is gone. */
    public void removeAll(Watches owner) {
        if (owner.size() > 0) {
            watcherCount--;
        }
        for (Watch each : owner.removeAll()) {
            forgetKinds(each, each.kinds);
            leave(each);
        }
    }

    /** On how many paths connections have watches, a path counted for each connection. */
    public int size() {
        return watchCount;
    }

    /**
     * How many watches there are as ZooKeeper counts them: on one path a connection can have one on the node and one on its
     * children, a persistent watch is both.
     */
    public int armedCount() {
        return armedCount;
    }

    /** How many connections have watches. */
    public int watcherCount() {
        return watcherCount;
    }

    /**
     * Begins to go through the watches.
     *
     * @param mostPaths only so many paths are gone through
     */
    public WatchCursor cursor(int mostPaths) {
        return new WatchCursor(byPath.values(), mostPaths);
    }

    /** On how many different paths there are watches. */
    public int pathCount() {
        return byPath.size();
    }

    /** Tells of the changes of one transaction. */
    public void onChanges(List<TreeChange> changes, long zxid) {
        if (byPath.isEmpty()) {
            return;
        }
        for (TreeChange each : changes) {
            onChange(each, zxid);
        }
    }

    /**
     * A client is back and brings the watches of its former connection: those whose node has changed since fire at once, the
     * others are armed. What a persistent watch missed is lost, and READ is not asked for; both as in ZooKeeper.
     */
    public void rearm(Watches owner, SetWatchesRequest request, ZnodeTree tree) {
        for (String path : request.dataWatches()) {
            Znode node = tree.get(path);
            if (node == null) {
                owner.listener.onWatchEvent(EventType.NODE_DELETED, path, MISSED);
            } else if (node.mzxid() > request.relativeZxid()) {
                owner.listener.onWatchEvent(EventType.NODE_DATA_CHANGED, path, MISSED);
            } else {
                arm(owner, path, Watch.DATA);
            }
        }
        for (String path : request.existWatches()) {
            if (tree.get(path) != null) {
                owner.listener.onWatchEvent(EventType.NODE_CREATED, path, MISSED);
            } else {
                arm(owner, path, Watch.DATA);
            }
        }
        for (String path : request.childWatches()) {
            Znode node = tree.get(path);
            if (node == null) {
                owner.listener.onWatchEvent(EventType.NODE_DELETED, path, MISSED);
            } else if (node.pzxid() > request.relativeZxid()) {
                owner.listener.onWatchEvent(EventType.NODE_CHILDREN_CHANGED, path, MISSED);
            } else {
                arm(owner, path, Watch.CHILDREN);
            }
        }
        for (String path : request.persistentWatches()) {
            arm(owner, path, Watch.PERSISTENT);
        }
        for (String path : request.persistentRecursiveWatches()) {
            arm(owner, path, Watch.RECURSIVE);
        }
    }

    private void onChange(TreeChange change, long zxid) {
        round++;
        int fired = fire(change.path(), ON_NODE, change.type(), change.path(), zxid, change.acl());
        if (recursiveCount > 0) {
            fired += fireRecursive(change, zxid);
        }
        if (change.type() == EventType.NODE_DELETED) {
            // Still the same round: who was told by a watch on the node is not told again by one on its children.
            fired += fire(change.path(), ON_CHILDREN, change.type(), change.path(), zxid, change.acl());
        }
        count(change.type(), fired);
        @Nullable String parentPath = change.parentPath();
        @Nullable AccessList parentAcl = change.parentAcl();
        if (parentPath != null && parentAcl != null) {
            round++;
            int told = fire(parentPath, ON_CHILDREN, EventType.NODE_CHILDREN_CHANGED, parentPath, zxid, parentAcl);
            count(EventType.NODE_CHILDREN_CHANGED, told);
        }
    }

    private void count(EventType type, int fired) {
        if (fired > 0) {
            Summary summary =
                    switch (type) {
                        case NODE_CREATED -> metrics.nodeCreatedWatches;
                        case NODE_DELETED -> metrics.nodeDeletedWatches;
                        case NODE_DATA_CHANGED -> metrics.nodeChangedWatches;
                        case NODE_CHILDREN_CHANGED -> metrics.nodeChildrenWatches;
                    };
            summary.add(fired);
        }
    }

    private int fireRecursive(TreeChange change, long zxid) {
        String ancestor = change.path();
        int fired = 0;
        while (ancestor.length() > 1) {
            ancestor = ZnodePath.parent(ancestor);
            fired += fire(ancestor, Watch.RECURSIVE, change.type(), change.path(), zxid, change.acl());
        }
        return fired;
    }

    /** How many watches matched. */
    private int fire(String watched, int kinds, EventType type, String path, long zxid, AccessList acl) {
        PathWatches place = byPath.get(watched);
        if (place == null) {
            return 0;
        }
        int fired = 0;
        for (int i = place.size() - 1; i >= 0; i--) {
            Watch watch = place.get(i);
            if ((watch.kinds & kinds) == 0) {
                continue;
            }
            fired++;
            tell(watch.owner, type, path, zxid, acl);
            disarm(watch, kinds & Watch.ONE_SHOT);
        }
        return fired;
    }

    private void tell(Watches owner, EventType type, String path, long zxid, AccessList acl) {
        if (owner.lastRound == round) {
            return;
        }
        owner.lastRound = round;
        if (acl.permits(Acl.READ, owner.listener.ids())) {
            owner.listener.onWatchEvent(type, path, zxid);
        }
    }

    private void arm(Watches owner, String path, int kind) {
        Watch watch = owner.get(path);
        if (watch == null) {
            if (owner.size() == 0) {
                watcherCount++;
            }
            PathWatches place = byPath.computeIfAbsent(path, PathWatches::new);
            watch = new Watch(owner, place);
            owner.put(place.path, watch);
            place.add(watch);
            watchCount++;
        }
        if (kind == Watch.RECURSIVE && (watch.kinds & kind) == 0) {
            recursiveCount++;
        }
        armedCount -= watch.armed();
        watch.kinds |= kind;
        armedCount += watch.armed();
    }

    private void disarm(Watch watch, int kinds) {
        forgetKinds(watch, kinds);
        if (watch.kinds == 0) {
            watch.owner.remove(watch.place.path);
            if (watch.owner.size() == 0) {
                watcherCount--;
            }
            leave(watch);
        }
    }

    private void forgetKinds(Watch watch, int kinds) {
        if ((watch.kinds & kinds & Watch.RECURSIVE) != 0) {
            recursiveCount--;
        }
        armedCount -= watch.armed();
        watch.kinds &= ~kinds;
        armedCount += watch.armed();
    }

    private void leave(Watch watch) {
        watch.place.remove(watch);
        watchCount--;
        if (watch.place.size() == 0) {
            byPath.remove(watch.place.path);
        }
    }
}
