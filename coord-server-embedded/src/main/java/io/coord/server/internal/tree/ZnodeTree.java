package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.auth.AccessList;
import java.util.Comparator;
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

    private static final int CACHED_LIST_BYTES = 16 << 20;

    private final PathTable table;
    private final Znode root;
    private final ChildLists childLists = new ChildLists(CACHED_LIST_BYTES);
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
        Znode system = preset(SYSTEM, root, Acl.OPEN);
        preset(QUOTA, system, Acl.OPEN);
        preset(CONFIG, system, Acl.WORLD_READ).needExtras().aversion = -1;
    }

    /** A tree to be filled from a snapshot: there is nothing but the root. */
    ZnodeTree(PathTable table) {
        this.table = table;
        this.root = new Znode(null, 0, ZnodeBytes.of(ZnodePath.ROOT, NO_DATA), accessLists.use(Acl.OPEN), 0, 0);
    }

    /** The nodes that belong to the server: they cannot be deleted. */
    public static boolean isUndeletable(String path) {
        return path.equals(ZnodePath.ROOT) || path.equals(SYSTEM) || path.equals(QUOTA) || path.equals(CONFIG);
    }

    /** The node, or null. The empty path is another name of the root, as in ZooKeeper. */
    public @Nullable Znode get(String path) {
        return get(path, path.length());
    }

    /** The node whose path is what stands before the last slash of the given one; null if there is none. */
    public @Nullable Znode getParent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? null : get(path, slash);
    }

    /** The root has two names here: nothing, before the slash of its children, and the slash itself, before that of "//". */
    private @Nullable Znode get(String path, int end) {
        boolean isRoot = end == 0 || (end == 1 && path.charAt(0) == '/');
        return isRoot ? root : table.get(path, end);
    }

    public int size() {
        return table.size() + 1;
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

    /** Names in the order of creation; stays as it is when the tree changes. Kept in its encoded form until then. */
    public List<String> childNames(Znode node) {
        Children children = node.children();
        return children == null ? List.of() : childLists.of(children);
    }

    /** How many nodes there are below this one, at any depth; counted when they come and go, not by the call. */
    public int descendantCount(Znode node) {
        return node.descendantCount();
    }

    /** The nodes that die with a session, ordered by path, so that every replica deletes them in one order. */
    public List<Znode> ephemeralsOf(long sessionId) {
        Set<Znode> owned = ephemerals.get(sessionId);
        if (owned == null) {
            return List.of();
        }
        record Located(String path, Znode node) {}
        return owned.stream()
                .map(node -> new Located(node.path(), node))
                .sorted(Comparator.comparing(Located::path))
                .map(Located::node)
                .toList();
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
        TreeCut begun = new TreeCut(this, lastCut, changedEarly);
        cut = begun;
        return begun;
    }

    void endCut(TreeCut ended) {
        if (cut == ended) {
            cut = null;
        }
    }

    Znode root() {
        return root;
    }

    AccessListTable accessLists() {
        return accessLists;
    }

    Znode require(String path) {
        Znode node = get(path);
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

    /** A node that is not linked yet. */
    Znode newNode(Znode parent, String path, byte @Nullable [] data, List<Acl> acl, long owner, long zxid, long time) {
        boolean large = data != null && data.length > ZnodeBytes.LONGEST_DATA;
        byte[] bytes = ZnodeBytes.of(path, large ? null : data);
        Znode node = new Znode(parent, table.hash(path, path.length()), bytes, accessLists.use(acl), zxid, time);
        node.cut = lastCut;
        if (large || owner != 0) {
            ZnodeExtras extras = new ZnodeExtras(owner, zxid, time);
            extras.largeData = large ? data : null;
            node.extras = extras;
        }
        return node;
    }

    void link(Znode node, Znode parent, Children siblings, boolean pinned) {
        childLists.forget(siblings);
        table.add(node);
        siblings.append(node, pinned || cut != null);
        countDescendants(parent, 1);
        updateReaping(node);
        addEphemeral(node);
    }

    void unlink(Znode node, Znode parent, Children siblings) {
        childLists.forget(siblings);
        table.remove(node);
        siblings.remove(node);
        countDescendants(parent, -1);
        accessLists.release(node.acl);
        reapingOrder.remove(node);
        if (node.isEphemeral()) {
            ephemerals.computeIfPresent(node.owner(), (id, owned) -> {
                owned.remove(node);
                return owned.isEmpty() ? null : owned;
            });
        }
    }

    /** Undoes {@link #unlink}. */
    void relink(Znode node, Znode parent, Children siblings) {
        childLists.forget(siblings);
        table.add(node);
        siblings.putBack(node);
        countDescendants(parent, 1);
        node.acl = accessLists.use(node.acl.entries());
        updateReaping(node);
        addEphemeral(node);
    }

    private void addEphemeral(Znode node) {
        if (node.isEphemeral()) {
            ephemerals.computeIfAbsent(node.owner(), id -> new HashSet<>(4)).add(node);
        }
    }

    /** Steps up to the root; a path is as long as the steps are many, so that the request has cost more already. */
    private static void countDescendants(Znode parent, int difference) {
        for (Znode each = parent; each != null; each = each.parent) {
            Children children = each.children();
            if (children != null) {
                children.descendants += difference;
            }
        }
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

    /**
     * A node that was read from a snapshot; {@link #finishRestored} completes its parent. If it never had children it cannot
     * be looked up before: only then its place in the table is written, when the table is as large as it will be. Meanwhile
     * the collector would have to hear of nearly every such write.
     */
    void linkRestored(Znode node, Znode parent) {
        Children siblings = parent.children();
        if (siblings == null) {
            throw new IllegalStateException("snapshot with children below a node that never had any: " + parent);
        }
        node.parent = parent;
        if (node.children() != null) {
            table.add(node);
        }
        siblings.addRestored(node);
        updateReaping(node);
        addEphemeral(node);
    }

    /** All children of a node have come. */
    void finishRestored(Znode parent) {
        Children children = parent.children();
        if (children != null) {
            children.finishRestore();
            countDescendants(parent, children.count());
            for (Znode child = children.firstFrom(0); child != null; child = children.firstFrom(child.slot + 1)) {
                if (child.children() == null) {
                    table.add(child);
                }
            }
        }
        updateReaping(parent);
    }

    private Znode preset(String path, Znode parent, List<Acl> acl) {
        ZnodeExtras extras = parent.needExtras();
        Children children = extras.children == null ? new Children(0) : extras.children;
        extras.children = children;
        Znode node = newNode(parent, path, NO_DATA, acl, 0, 0, 0);
        link(node, parent, children, false);
        return node;
    }
}
