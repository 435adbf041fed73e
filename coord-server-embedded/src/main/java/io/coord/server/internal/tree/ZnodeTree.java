package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All znodes. Reads go to the nodes; changes go through a {@link TreeEdit}, one at a time; a {@link TreeCut} keeps the tree
 * as it was at one moment while it changes on.
 */
public final class ZnodeTree {
    private static final byte[] NO_DATA = {};
    private static final String SYSTEM = "/zookeeper";
    /** What is below it says how much may be below other nodes. */
    public static final String QUOTA = "/zookeeper/quota";

    /** Shows who belongs to the ensemble. */
    public static final String CONFIG = "/zookeeper/config";

    private static final int CACHED_LIST_BYTES = 16 << 20;

    private final ZnodeStore store = new ZnodeStore();
    private final PathTable table;
    private final ChildLists childLists = new ChildLists(CACHED_LIST_BYTES, store);
    private final AccessListTable accessLists = new AccessListTable();
    private final EphemeralTable ephemerals = new EphemeralTable();
    private final ReapingOrder reapingOrder = new ReapingOrder();
    private final int root;
    /** The node of {@link #QUOTA}, which is there for ever; found when it is asked for first. */
    private int quota = ZnodeStore.NONE;

    /** The newest that is under way; it knows those before it. */
    private @Nullable TreeCut cut;
    /** The one among them that is saved. */
    private @Nullable TreeCut saved;
    /** Of all nodes but the root: their paths, in bytes, and their data. */
    private long pathAndDataBytes;

    /**
     * A tree with the four nodes that every server has from the start. Their stats are all zero, and they do not count as
     * created: the root of an empty server shows a cversion of -1.
     *
     * @param hashKey random, so that nobody can make up paths that collide; nothing else depends on it
     */
    public ZnodeTree(long hashKey) {
        this(hashKey, true);
    }

    private ZnodeTree(long hashKey, boolean complete) {
        this.table = new PathTable(hashKey, store);
        this.root = newNode(ZnodePath.ROOT, NO_DATA, Acl.OPEN, 0, 0, 0);
        if (complete) {
            int system = preset(SYSTEM, root, Acl.OPEN);
            preset(QUOTA, system, Acl.OPEN);
            store.needExtras(preset(CONFIG, system, Acl.WORLD_READ)).aversion = -1;
        }
    }

    /** A tree to be filled from a snapshot: there is nothing but the root. */
    static ZnodeTree toBeFilled(long hashKey) {
        return new ZnodeTree(hashKey, false);
    }

    /** The nodes that belong to the server: they cannot be deleted. */
    public static boolean isUndeletable(String path) {
        return path.equals(ZnodePath.ROOT) || path.equals(SYSTEM) || path.equals(QUOTA) || path.equals(CONFIG);
    }

    /** The node, or null. The empty path is another name of the root, as in ZooKeeper. */
    public @Nullable Znode get(String path) {
        return viewOrNull(find(path, path.length()));
    }

    /** The node whose path is what stands before the last slash of the given one; null if there is none. */
    public @Nullable Znode getParent(String path) {
        return viewOrNull(findParent(path));
    }

    /** The node whose path is the beginning of the given one, of so many characters; null if there is none. */
    public @Nullable Znode get(String path, int length) {
        return viewOrNull(find(path, length));
    }

    /** Whether anything is below {@link #QUOTA}; to be asked before each change, so it costs next to nothing. */
    public boolean hasQuotas() {
        if (quota == ZnodeStore.NONE) {
            quota = find(QUOTA, QUOTA.length());
        }
        Children children = quota == ZnodeStore.NONE ? null : store.children(quota);
        return children != null && children.count() > 0;
    }

    /** The length of the data of a node and of all below it, in bytes. Looks at each of them. */
    public long dataBytesIn(Znode node) {
        long bytes = 0;
        TreeWalk walk = new TreeWalk(store, node.handle);
        for (int each = walk.next(); each != ZnodeStore.NONE; each = walk.next()) {
            bytes += view(each).dataLength();
        }
        return bytes;
    }

    int findParent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? ZnodeStore.NONE : find(path, slash);
    }

    /** The root has two names here: nothing, before the slash of its children, and the slash itself, before that of "//". */
    private int find(String path, int end) {
        boolean isRoot = end == 0 || (end == 1 && path.charAt(0) == '/');
        return isRoot ? root : table.get(path, end, table.hash(path, end));
    }

    Znode view(int node) {
        return new Znode(this, node);
    }

    private @Nullable Znode viewOrNull(int node) {
        return node == ZnodeStore.NONE ? null : view(node);
    }

    public int size() {
        return table.size() + 1;
    }

    /** What all paths and all data come to, in bytes; what they take in memory is of that order. Kept, not counted by the call. */
    public long approximateDataSize() {
        return pathAndDataBytes;
    }

    /** How many different ACLs are in use. */
    public int accessListCount() {
        return accessLists.size();
    }

    public int ephemeralCount() {
        return ephemerals.count();
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

    /**
     * Paths of some of the nodes that die with a session.
     *
     * @param from how many of them to pass by
     * @param most at most so many
     * @return in no order, but one that stays as it is until the tree changes
     */
    public List<String> ephemeralPaths(long sessionId, int from, int most) {
        return Arrays.stream(ephemerals.of(sessionId, from, most))
                .mapToObj(store::path)
                .toList();
    }

    /** The nodes that die with a session, ordered by path, so that every replica deletes them in one order. */
    public List<Znode> ephemeralsOf(long sessionId) {
        record Located(String path, int node) {}
        return Arrays.stream(ephemerals.of(sessionId))
                .mapToObj(node -> new Located(store.path(node), node))
                .sorted(Comparator.comparing(Located::path))
                .map(located -> view(located.node))
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

    /** Starts to keep the tree as it is now, to be saved; one at a time. */
    public TreeCut beginCut(TreeCut.Sink changedEarly) {
        if (saved != null) {
            throw new IllegalStateException("a cut is under way");
        }
        saved = beginCutBeside(changedEarly);
        return saved;
    }

    /** Starts to keep the tree as it is now, beside others that do. Each of them costs each change a look. */
    TreeCut beginCutBeside(TreeCut.Sink changedEarly) {
        TreeCut begun = new TreeCut(this, changedEarly, cut);
        cut = begun;
        return begun;
    }

    void endCut(TreeCut ended) {
        if (cut != null) {
            cut = cut.without(ended);
        }
        if (saved == ended) {
            saved = null;
        }
    }

    int root() {
        return root;
    }

    ZnodeStore store() {
        return store;
    }

    PathTable table() {
        return table;
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

    int hash(String path) {
        return table.hash(path, path.length());
    }

    static boolean isLarge(byte @Nullable [] data) {
        return data != null && data.length > ZnodeStore.LONGEST_DATA;
    }

    /** To be called before anything of a node or of its {@link Children} is written. */
    void beforeChange(int node) {
        if (cut != null) {
            cut.saveBeforeChange(node);
        }
    }

    /** A node that is not linked yet. */
    int newNode(String path, byte @Nullable [] data, List<Acl> acl, long owner, long zxid, long time) {
        boolean large = isLarge(data);
        int node = store.create(path, large ? null : data, zxid, time);
        store.setAcl(node, accessLists.use(acl));
        if (cut != null) {
            cut.onCreated(node);
        }
        if (large || owner != 0) {
            ZnodeExtras extras = new ZnodeExtras(owner);
            extras.largeData = large ? data : null;
            store.setExtras(node, extras);
        }
        return node;
    }

    /** Lets a node go that is not linked any more; its handle may be that of the next node. */
    void free(int node) {
        if (cut != null) {
            cut.onFreed(node);
        }
        accessLists.release(store.acl(node));
        store.free(node);
    }

    /** @param hash of its path */
    void link(int node, int hash, int parent, Children siblings, boolean pinned) {
        childLists.forget(siblings);
        store.setParent(node, parent);
        siblings.append(node, store, pinned || cut != null);
        linked(node, hash, parent);
    }

    void unlink(int node, int hash, int parent, Children siblings) {
        childLists.forget(siblings);
        table.remove(node, hash);
        pathAndDataBytes -= pathBytes(node) + dataBytes(node);
        siblings.remove(store.slot(node));
        countDescendants(parent, -1);
        ZnodeExtras extras = store.extras(node);
        if (extras != null && extras.owner != 0) {
            reapingOrder.remove(view(node));
            if (Znode.isSession(extras.owner)) {
                ephemerals.remove(node, extras, store);
            }
        }
    }

    /** Undoes {@link #unlink}. */
    void relink(int node, int hash, int parent, Children siblings) {
        childLists.forget(siblings);
        siblings.putBack(node, store.slot(node));
        linked(node, hash, parent);
    }

    private void linked(int node, int hash, int parent) {
        table.add(node, hash);
        pathAndDataBytes += pathBytes(node) + dataBytes(node);
        countDescendants(parent, 1);
        updateReaping(node);
        addEphemeral(node);
    }

    private long pathBytes(int node) {
        long bytes = 0;
        for (int each = node; each != root; each = store.parent(each)) {
            bytes += 1 + store.nameLength(each);
        }
        return bytes;
    }

    int dataBytes(int node) {
        ZnodeExtras extras = store.extras(node);
        return extras == null || extras.largeData == null
                ? Math.max(0, store.dataLength(node))
                : extras.largeData.length;
    }

    /** The data of a node has other bytes than before, so many more or fewer. */
    void onDataChanged(int difference) {
        pathAndDataBytes += difference;
    }

    private void addEphemeral(int node) {
        ZnodeExtras extras = store.extras(node);
        if (extras != null && Znode.isSession(extras.owner)) {
            ephemerals.add(node, extras);
        }
    }

    /** Steps up to the root; a path is as long as the steps are many, so that the request has cost more already. */
    private void countDescendants(int parent, int difference) {
        for (int each = parent; each != ZnodeStore.NONE; each = store.parent(each)) {
            Children children = store.children(each);
            if (children != null) {
                children.descendants += difference;
            }
        }
    }

    /** To be called when a node has come, or when its data or its number of children has changed. */
    void updateReaping(int node) {
        ZnodeExtras extras = store.extras(node);
        if (extras != null && extras.owner != 0) {
            reapingOrder.update(view(node));
        }
    }

    void shrink(Children children) {
        if (cut == null) {
            children.shrink(store);
        }
    }

    /**
     * A node that was read from a snapshot, and knows its parent; {@link #finishRestored} completes that. It can be looked
     * up from then on if it ever had children, else when all are there.
     *
     * @param hash of its path
     * @return whether it ever had children
     */
    boolean linkRestored(int node, int hash, Children siblings) {
        siblings.addRestored(node);
        pathAndDataBytes += 1 + store.nameLength(node) + dataBytes(node);
        ZnodeExtras extras = store.extras(node);
        if (extras == null || extras.children == null) {
            table.addLater(node, hash);
        } else {
            table.add(node, hash);
        }
        if (extras != null && extras.owner != 0) {
            updateReaping(node);
            addEphemeral(node);
        }
        return extras != null && extras.children != null;
    }

    /** All children of a node have come. */
    void finishRestored(int parent) {
        Children children = store.children(parent);
        if (children != null) {
            children.finishRestore(store);
            countDescendants(parent, children.count());
            pathAndDataBytes += pathBytes(parent) * children.count();
        }
        updateReaping(parent);
    }

    /** All nodes have come. */
    void finishRestored() {
        table.addPending();
    }

    private int preset(String path, int parent, List<Acl> acl) {
        ZnodeExtras extras = store.needExtras(parent);
        Children children = extras.children == null ? new Children(0) : extras.children;
        extras.children = children;
        int node = newNode(path, NO_DATA, acl, 0, 0, 0);
        link(node, hash(path), parent, children, false);
        return node;
    }
}
