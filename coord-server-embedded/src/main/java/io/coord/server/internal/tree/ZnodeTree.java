package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.auth.AccessList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All znodes. Reads go to the nodes; changes go through a {@link TreeEdit}, one at a time; a {@link TreeCut} keeps the tree
 * as it was at one moment while it changes on.
 */
public final class ZnodeTree {
    private static final byte[] NO_DATA = {};
    private static final String SYSTEM = "/zookeeper";
    private static final String QUOTA = "/zookeeper/quota";
    private static final String CONFIG = "/zookeeper/config";

    private final PathTable table;
    private final AccessListTable accessLists = new AccessListTable();
    private final Map<Long, Set<Znode>> ephemerals = new HashMap<>();
    private final ReapingOrder reapingOrder = new ReapingOrder();
    private @Nullable TreeCut cut;
    private int lastCut;

    /**
     * A tree with the four nodes that every server has from the start. Their stats are all zero, and they do not count as
     * created: the root of an empty server shows a cversion of -1.
     *
     * @param hashKey random, so that nobody can make up paths that collide; nothing else depends on it
     */
    public ZnodeTree(long hashKey) {
        this(new PathTable(hashKey));
        preset(ZnodePath.ROOT, null, Acl.OPEN);
        preset(SYSTEM, table.get(ZnodePath.ROOT), Acl.OPEN);
        preset(QUOTA, table.get(SYSTEM), Acl.OPEN);
        preset(CONFIG, table.get(SYSTEM), Acl.WORLD_READ).aversion = -1;
    }

    ZnodeTree(PathTable table) {
        this.table = table;
    }

    /** The nodes that belong to the server: they cannot be deleted. */
    public static boolean isUndeletable(String path) {
        return path.equals(ZnodePath.ROOT) || path.equals(SYSTEM) || path.equals(QUOTA) || path.equals(CONFIG);
    }

    /** The node, or null. The empty path is another name of the root, as in ZooKeeper. */
    public @Nullable Znode get(String path) {
        return table.get(path.isEmpty() ? ZnodePath.ROOT : path);
    }

    public int size() {
        return table.size();
    }

    /** How many different ACLs are in use. */
    public int accessListCount() {
        return accessLists.size();
    }

    public int ephemeralCount() {
        int count = 0;
        for (Set<Znode> each : ephemerals.values()) {
            count += each.size();
        }
        return count;
    }

    /** Names in the order of creation; stays as it is when the tree changes. */
    public List<String> childNames(Znode node) {
        return node.children == null ? List.of() : node.children.names();
    }

    /** How many nodes there are below this one, at any depth. */
    public int descendantCount(Znode node) {
        if (node.parent == null) {
            return table.size() - 1;
        }
        int count = 0;
        Deque<Znode> toVisit = new ArrayDeque<>();
        toVisit.add(node);
        while (!toVisit.isEmpty()) {
            Children children = toVisit.remove().children;
            if (children != null) {
                count += children.count();
                toVisit.addAll(children.toList());
            }
        }
        return count;
    }

    /** The nodes that die with a session, ordered by path, so that every replica deletes them in one order. */
    public List<Znode> ephemeralsOf(long sessionId) {
        Set<Znode> owned = ephemerals.get(sessionId);
        if (owned == null) {
            return List.of();
        }
        List<Znode> sorted = new ArrayList<>(owned);
        sorted.sort(Comparator.comparing(Znode::path));
        return sorted;
    }

    /**
     * The paths of nodes that {@link #isReapable} holds for, the longest due first, found without a look at any other node.
     *
     * @param limit at most so many
     */
    public List<String> reapable(long timeMs, long maxNeverUsedMs, int limit) {
        return reapingOrder.due(timeMs, maxNeverUsedMs, limit);
    }

    /**
     * Whether the server may remove a node by itself: it has no children, and is a container that has had some, or one that
     * has waited for its first child for too long, or its time to live is over.
     *
     * @param timeMs wall-clock milliseconds
     * @param maxNeverUsedMs for how long a container may wait for its first child; 0 for ever
     */
    public boolean isReapable(Znode node, long timeMs, long maxNeverUsedMs) {
        return ReapingOrder.isDue(node, timeMs, maxNeverUsedMs);
    }

    /** How many nodes wait to become reapable or are it: childless containers and childless nodes with a time to live. */
    public int reapingCount() {
        return reapingOrder.size();
    }

    /** Starts a change. The edit before it is committed or rolled back. */
    public TreeEdit edit(long zxid, long time) {
        return new TreeEdit(this, zxid, time);
    }

    /** Starts to keep the tree as it is now; one cut at a time. */
    public TreeCut beginCut(TreeCut.Sink changedEarly) {
        if (cut != null) {
            throw new IllegalStateException("a cut is under way");
        }
        lastCut++;
        TreeCut begun = new TreeCut(this, table.toArray(), lastCut, changedEarly);
        cut = begun;
        return begun;
    }

    void endCut(TreeCut ended) {
        if (cut == ended) {
            cut = null;
        }
    }

    Znode[] allNodes() {
        return table.toArray();
    }

    AccessListTable accessLists() {
        return accessLists;
    }

    Znode require(String path) {
        Znode node = table.get(path);
        if (node == null) {
            throw new IllegalStateException("not in the tree: " + path);
        }
        return node;
    }

    /** To be called before any field of a node or of its {@link Children} is written. */
    void beforeChange(Znode node) {
        if (cut != null) {
            cut.saveBeforeChange(node);
        }
    }

    void link(Znode node, Znode parent, Children siblings, boolean pinned) {
        node.cut = lastCut;
        node.parent = parent;
        table.add(node);
        siblings.append(node, pinned || cut != null);
        updateReaping(node);
        if (node.isEphemeral()) {
            ephemerals.computeIfAbsent(node.owner, id -> new HashSet<>(4)).add(node);
        }
    }

    void unlink(Znode node, Children siblings) {
        table.remove(node);
        siblings.remove(node);
        accessLists.release(node.acl);
        reapingOrder.remove(node);
        if (node.isEphemeral()) {
            ephemerals.computeIfPresent(node.owner, (id, owned) -> {
                owned.remove(node);
                return owned.isEmpty() ? null : owned;
            });
        }
    }

    /** Undoes {@link #unlink}. */
    void relink(Znode node, Znode parent, Children siblings) {
        table.add(node);
        siblings.putBack(node);
        node.acl = accessLists.use(node.acl.entries());
        updateReaping(node);
        if (node.isEphemeral()) {
            ephemerals.computeIfAbsent(node.owner, id -> new HashSet<>(4)).add(node);
        }
        node.parent = parent;
    }

    void changeAcl(Znode node, List<Acl> acl) {
        AccessList before = node.acl;
        node.acl = accessLists.use(acl);
        accessLists.release(before);
    }

    /** To be called when a node has come, or when its data or its number of children has changed. */
    void updateReaping(Znode node) {
        reapingOrder.update(node);
    }

    void shrink(Children children) {
        if (cut == null) {
            children.shrink();
        }
    }

    /** A node read from a snapshot; its parent gets it later, see {@link TreeRestore}. */
    void addRestored(Znode node) {
        table.add(node);
        if (node.isEphemeral()) {
            ephemerals.computeIfAbsent(node.owner, id -> new HashSet<>(4)).add(node);
        }
    }

    private Znode preset(String path, @Nullable Znode parent, List<Acl> acl) {
        Znode node = new Znode(path, NO_DATA, accessLists.use(acl), 0, 0, 0);
        if (parent == null) {
            table.add(node);
        } else {
            Children children = parent.children == null ? new Children(0) : parent.children;
            parent.children = children;
            link(node, parent, children, false);
        }
        return node;
    }
}
