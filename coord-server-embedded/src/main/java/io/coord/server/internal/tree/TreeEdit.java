package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.EventType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only way to change a tree: a number of steps under one zxid and one time, then {@link #commit} or {@link #rollback}.
 * Each step takes effect at once, so that later steps see it, and leaves behind how to undo it; a rollback leaves no trace,
 * no stat, no sequence number, no event. The caller has checked that a step is legal. Steps take the path beside the node,
 * which can tell it but has to put it together.
 *
 * <p>What a step replaces or deletes keeps its memory until the edit is over; then its handle may be another node's.
 */
public final class TreeEdit {
    private final ZnodeTree tree;
    private final long zxid;
    private final long time;
    private final ArrayList<Undo> undoList = new ArrayList<>(1);
    private final ArrayList<TreeChange> changes = new ArrayList<>(1);

    TreeEdit(ZnodeTree tree, long zxid, long time) {
        this.tree = tree;
        this.zxid = zxid;
        this.time = time;
    }

    /** Makes room for so many steps; there may be more or fewer. */
    public void expect(int steps) {
        undoList.ensureCapacity(steps);
        changes.ensureCapacity(steps);
    }

    /**
     * @param owner a session's id for an ephemeral, {@link Znode#CONTAINER} for a container, {@link Znode#ownerOfTtl} for a
     *     node with a time to live, else 0
     */
    public Znode create(Znode parent, String path, byte @Nullable [] data, List<Acl> acl, long owner) {
        ZnodeStore store = tree.store();
        int above = parent.handle;
        tree.beforeChange(above);
        int node = tree.newNode(path, data, acl, owner, zxid, time);
        boolean hadExtras = store.extras(above) != null;
        ZnodeExtras extras = store.needExtras(above);
        Children children = extras.children;
        boolean first = children == null;
        if (children == null) {
            children = new Children(store.czxid(above));
            extras.children = children;
        }
        int hash = tree.hash(path);
        undoList.add(new Created(node, hash, above, children, children.pzxid, first, hadExtras));
        tree.link(node, hash, above, children, undoList.size() > 1);
        children.createCount++;
        children.pzxid = zxid;
        tree.updateReaping(above);
        Znode created = tree.view(node);
        changes.add(new TreeChange(EventType.NODE_CREATED, path, created.acl(), parent.acl()));
        return created;
    }

    /** The node has no children and is not the root. */
    public void delete(Znode node, String path) {
        Znode parent = node.parent();
        Children children = parent == null ? null : parent.children();
        if (parent == null || children == null || node.childCount() > 0) {
            throw new IllegalArgumentException("cannot be deleted: " + node);
        }
        tree.beforeChange(node.handle);
        tree.beforeChange(parent.handle);
        int hash = tree.hash(path);
        undoList.add(new Deleted(node.handle, hash, parent.handle, children, children.pzxid));
        tree.unlink(node.handle, hash, parent.handle, children);
        children.pzxid = zxid;
        tree.updateReaping(parent.handle);
        changes.add(new TreeChange(EventType.NODE_DELETED, path, node.acl(), parent.acl()));
    }

    public void setData(Znode node, String path, byte @Nullable [] data) {
        replaceData(node, data);
        tree.updateReaping(node.handle);
        changes.add(new TreeChange(EventType.NODE_DATA_CHANGED, path, node.acl(), null));
    }

    /** Gives a node of the server's own other data, of which its watchers are told; its version is -1, as in ZooKeeper. */
    public void announce(Znode node, String path, byte[] data) {
        setData(node, path, data);
        tree.store().setChanged(node.handle, -1, zxid, time);
    }

    /** Gives a node of the server's own other data, and nothing else that shows: no version, no zxid, no time, no event. */
    public void rewrite(Znode node, byte[] data) {
        int version = node.version();
        long mzxid = node.mzxid();
        long mtime = node.mtime();
        replaceData(node, data);
        tree.store().setChanged(node.handle, version, mzxid, mtime);
    }

    private void replaceData(Znode node, byte @Nullable [] data) {
        ZnodeStore store = tree.store();
        tree.beforeChange(node.handle);
        ZnodeExtras extras = store.extras(node.handle);
        boolean large = ZnodeTree.isLarge(data);
        int bytesBefore = tree.dataBytes(node.handle);
        int before = store.change(node.handle, large ? null : data, zxid, time);
        undoList.add(new DataSet(node.handle, before, extras, extras == null ? null : extras.largeData));
        if (large) {
            store.needExtras(node.handle).largeData = data;
        } else if (extras != null) {
            extras.largeData = null;
        }
        tree.onDataChanged(tree.dataBytes(node.handle) - bytesBefore);
    }

    /** Tells nobody: an ACL has no watches. */
    public void setAcl(Znode node, List<Acl> acl) {
        ZnodeStore store = tree.store();
        tree.beforeChange(node.handle);
        undoList.add(new AclSet(node.handle, store.acl(node.handle), store.extras(node.handle) != null));
        store.setAcl(node.handle, tree.accessLists().use(acl));
        store.needExtras(node.handle).aversion++;
    }

    /** Makes all steps final; the edit is over. What they changed, in the order of the steps. */
    public List<TreeChange> commit() {
        for (int i = 0; i < undoList.size(); i++) {
            undoList.get(i).forget(tree);
        }
        undoList.clear();
        return changes;
    }

    /** Takes all steps back; the edit is over. */
    public void rollback() {
        for (int i = undoList.size() - 1; i >= 0; i--) {
            undoList.get(i).undo(tree);
        }
        undoList.clear();
        changes.clear();
    }

    /** A step that was done. Handles stay what they are until it is undone or forgotten. */
    private sealed interface Undo {
        void undo(ZnodeTree tree);

        /** The step is final: lets go of what only its undoing would need. */
        void forget(ZnodeTree tree);
    }

    /**
     * @param first whether the parent had never had a child before
     * @param hadExtras whether the parent had extras before
     */
    private record Created(
            int node, int hash, int parent, Children siblings, long pzxid, boolean first, boolean hadExtras)
            implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            tree.unlink(node, hash, parent, siblings);
            tree.free(node);
            siblings.createCount--;
            siblings.pzxid = pzxid;
            if (first) {
                tree.store().needExtras(parent).children = null;
            }
            if (!hadExtras) {
                tree.store().setExtras(parent, null);
            }
            tree.updateReaping(parent);
        }

        @Override
        public void forget(ZnodeTree tree) {
            // Nothing was replaced.
        }
    }

    private record Deleted(int node, int hash, int parent, Children siblings, long pzxid) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            tree.relink(node, hash, parent, siblings);
            siblings.pzxid = pzxid;
            tree.updateReaping(parent);
        }

        @Override
        public void forget(ZnodeTree tree) {
            tree.shrink(siblings);
            tree.free(node);
        }
    }

    /**
     * @param before the handle of what the node was
     * @param extras of the node before; null when it had none
     */
    private record DataSet(int node, int before, @Nullable ZnodeExtras extras, byte @Nullable [] largeData)
            implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            ZnodeStore store = tree.store();
            int bytesUndone = tree.dataBytes(node);
            if (extras == null) {
                store.setExtras(node, null);
            } else {
                extras.largeData = largeData;
            }
            store.restore(node, before);
            tree.onDataChanged(tree.dataBytes(node) - bytesUndone);
            tree.updateReaping(node);
        }

        @Override
        public void forget(ZnodeTree tree) {
            tree.store().discard(before);
            tree.store().dropEmptyExtras(node);
        }
    }

    /**
     * @param acl what the node had before
     * @param hadExtras whether the node had extras before
     */
    private record AclSet(int node, int acl, boolean hadExtras) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            ZnodeStore store = tree.store();
            tree.accessLists().release(store.acl(node));
            store.setAcl(node, acl);
            store.needExtras(node).aversion--;
            if (!hadExtras) {
                store.setExtras(node, null);
            }
        }

        @Override
        public void forget(ZnodeTree tree) {
            tree.accessLists().release(acl);
        }
    }
}
