package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.EventType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only way to change a tree: a number of steps under one zxid and one time, then {@link #commit} or {@link #rollback}.
 * Each step takes effect at once, so that later steps see it, and leaves behind how to undo it; a rollback leaves no trace,
 * no stat, no sequence number, no event. The caller has checked that a step is legal.
 */
public final class TreeEdit {
    private final ZnodeTree tree;
    private final long zxid;
    private final long time;
    private final List<Undo> undoList = new ArrayList<>(1);
    private final List<TreeChange> changes = new ArrayList<>(1);

    TreeEdit(ZnodeTree tree, long zxid, long time) {
        this.tree = tree;
        this.zxid = zxid;
        this.time = time;
    }

    /**
     * @param owner a session's id for an ephemeral, {@link Znode#CONTAINER} for a container, {@link Znode#ownerOfTtl} for a
     *     node with a time to live, else 0
     */
    public Znode create(Znode parent, String path, byte @Nullable [] data, List<Acl> acl, long owner) {
        tree.beforeChange(parent);
        Children children = parent.children;
        boolean first = children == null;
        if (children == null) {
            children = new Children(parent.pzxid());
            parent.children = children;
        }
        undoList.add(new Created(path, first ? null : children, children.pzxid));
        Znode node = new Znode(path, data, tree.accessLists().use(acl), owner, zxid, time);
        tree.link(node, parent, children, undoList.size() > 1);
        children.createCount++;
        children.pzxid = zxid;
        tree.updateReaping(parent);
        changes.add(new TreeChange(EventType.NODE_CREATED, path, node.acl, parent.path, parent.acl));
        return node;
    }

    /** The node has no children and is not the root. */
    public void delete(Znode node) {
        Znode parent = node.parent;
        Children children = parent == null ? null : parent.children;
        if (parent == null || children == null || node.childCount() > 0) {
            throw new IllegalArgumentException("cannot be deleted: " + node);
        }
        // A cut that still has to hand out the node finds it as it was: nothing changes a node that is gone.
        tree.beforeChange(parent);
        undoList.add(new Deleted(node, parent, children, children.pzxid));
        tree.unlink(node, children);
        children.pzxid = zxid;
        tree.updateReaping(parent);
        changes.add(new TreeChange(EventType.NODE_DELETED, node.path, node.acl, parent.path, parent.acl));
    }

    public void setData(Znode node, byte @Nullable [] data) {
        tree.beforeChange(node);
        undoList.add(new DataSet(node, node.data, node.version, node.mzxid, node.mtime));
        node.data = data;
        node.version++;
        node.mzxid = zxid;
        node.mtime = time;
        tree.updateReaping(node);
        changes.add(new TreeChange(EventType.NODE_DATA_CHANGED, node.path, node.acl, null, null));
    }

    /** Tells nobody: an ACL has no watches. */
    public void setAcl(Znode node, List<Acl> acl) {
        tree.beforeChange(node);
        undoList.add(new AclSet(node, node.acl.entries(), node.aversion));
        tree.changeAcl(node, acl);
        node.aversion++;
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

    /** @param siblings null when the parent had never had a child before */
    private record Created(String path, @Nullable Children siblings, long pzxid) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            Znode node = tree.require(path);
            Znode parent = node.parent;
            Children children = parent == null ? null : parent.children;
            if (parent == null || children == null) {
                throw new IllegalStateException("created without a parent: " + path);
            }
            tree.unlink(node, children);
            children.createCount--;
            children.pzxid = pzxid;
            parent.children = siblings;
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

    private record DataSet(Znode node, byte @Nullable [] data, int version, long mzxid, long mtime) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            node.data = data;
            node.version = version;
            node.mzxid = mzxid;
            node.mtime = mtime;
            tree.updateReaping(node);
        }
    }

    private record AclSet(Znode node, List<Acl> acl, int aversion) implements Undo {
        @Override
        public void undo(ZnodeTree tree) {
            tree.changeAcl(node, acl);
            node.aversion = aversion;
        }
    }
}
