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
        tree.beforeChange(parent);
        ZnodeExtras before = parent.extras;
        ZnodeExtras extras = parent.needExtras();
        Children children = extras.children;
        boolean first = children == null;
        if (children == null) {
            children = new Children(parent.czxid);
            extras.children = children;
        }
        Znode node = tree.newNode(parent, path, data, acl, owner, zxid, time);
        undoList.add(new Created(node, children, children.pzxid, first, before));
        tree.link(node, parent, children, undoList.size() > 1);
        children.createCount++;
        children.pzxid = zxid;
        tree.updateReaping(parent);
        changes.add(new TreeChange(EventType.NODE_CREATED, path, node.acl, parent.acl));
        return node;
    }

    /** The node has no children and is not the root. */
    public void delete(Znode node, String path) {
        Znode parent = node.parent;
        Children children = parent == null ? null : parent.children();
        if (parent == null || children == null || node.childCount() > 0) {
            throw new IllegalArgumentException("cannot be deleted: " + node);
        }
        tree.beforeChange(node);
        tree.beforeChange(parent);
        undoList.add(new Deleted(node, parent, children, children.pzxid));
        tree.unlink(node, parent, children);
        children.pzxid = zxid;
        tree.updateReaping(parent);
        changes.add(new TreeChange(EventType.NODE_DELETED, path, node.acl, parent.acl));
    }

    public void setData(Znode node, String path, byte @Nullable [] data) {
        tree.beforeChange(node);
        ZnodeExtras before = node.extras;
        ZnodeExtras extras = node.needExtras();
        undoList.add(
                new DataSet(node, node.bytes, before, extras.largeData, extras.version, extras.mzxid, extras.mtime));
        node.setData(data);
        extras.version++;
        extras.mzxid = zxid;
        extras.mtime = time;
        tree.updateReaping(node);
        changes.add(new TreeChange(EventType.NODE_DATA_CHANGED, path, node.acl, null));
    }

    /** Tells nobody: an ACL has no watches. */
    public void setAcl(Znode node, List<Acl> acl) {
        tree.beforeChange(node);
        undoList.add(new AclSet(node, node.acl.entries(), node.extras, node.aversion()));
        tree.changeAcl(node, acl);
        node.needExtras().aversion++;
    }

    /** Makes all steps final; the edit is over. What they changed, in the order of the steps. */
    public List<TreeChange> commit() {
        for (Undo each : undoList) {
            if (each instanceof Deleted deleted) {
                tree.shrink(deleted.siblings);
            }
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

    private sealed interface Undo {
        void undo(ZnodeTree tree);
    }

    /**
     * @param first whether the parent had never had a child before
     * @param extras of the parent before
     */
    private record Created(
            Znode node,
            Children siblings,
            long pzxid,
            boolean first,
            @Nullable ZnodeExtras extras) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            Znode parent = node.parent;
            if (parent == null) {
                throw new IllegalStateException("created without a parent: " + node);
            }
            tree.unlink(node, parent, siblings);
            siblings.createCount--;
            siblings.pzxid = pzxid;
            if (first) {
                parent.needExtras().children = null;
            }
            parent.extras = extras;
            tree.updateReaping(parent);
        }
    }

    private record Deleted(Znode node, Znode parent, Children siblings, long pzxid) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            tree.relink(node, parent, siblings);
            siblings.pzxid = pzxid;
            tree.updateReaping(parent);
        }
    }

    /** @param extras null when the node had none; else they are its own, and the rest is put back there */
    private record DataSet(
            Znode node,
            byte[] bytes,
            @Nullable ZnodeExtras extras,
            byte @Nullable [] largeData,
            int version,
            long mzxid,
            long mtime)
            implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            node.bytes = bytes;
            node.extras = extras;
            if (extras != null) {
                extras.largeData = largeData;
                extras.version = version;
                extras.mzxid = mzxid;
                extras.mtime = mtime;
            }
            tree.updateReaping(node);
        }
    }

    private record AclSet(
            Znode node, List<Acl> acl, @Nullable ZnodeExtras extras, int aversion) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            tree.changeAcl(node, acl);
            node.extras = extras;
            if (extras != null) {
                extras.aversion = aversion;
            }
        }
    }
}
