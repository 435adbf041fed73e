package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.auth.AccessList;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds a tree from the records of a snapshot, which come in any order but for an ACL before its first user. */
public final class TreeRestore {
    private final ZnodeTree tree;
    private final List<AccessList> accessLists = new ArrayList<>();
    private final Map<String, List<Znode>> childrenByParent = new HashMap<>();

    public TreeRestore(long hashKey) {
        this.tree = new ZnodeTree(new PathTable(hashKey));
    }

    /** Takes the next ACL; the first one has index 0. */
    public void addAcl(List<Acl> entries) {
        accessLists.add(new AccessList(entries));
    }

    public void addNode(ByteBuf in) {
        Znode node = ZnodeCodec.decode(in, accessLists::get);
        node.acl = tree.accessLists().use(node.acl.entries());
        tree.addRestored(node);
        if (!node.path.equals(ZnodePath.ROOT)) {
            childrenByParent
                    .computeIfAbsent(ZnodePath.parent(node.path), path -> new ArrayList<>())
                    .add(node);
        }
    }

    /**
     * The finished tree.
     *
     * @throws IllegalStateException when a node lacks its parent: the snapshot is not whole
     */
    public ZnodeTree finish() {
        tree.require(ZnodePath.ROOT);
        childrenByParent.forEach((path, list) -> {
            Znode parent = tree.require(path);
            Children children = parent.children;
            if (children == null) {
                throw new IllegalStateException("snapshot with children below a node that never had any: " + path);
            }
            for (Znode child : list) {
                child.parent = parent;
            }
            children.restore(list);
        });
        for (Znode node : tree.allNodes()) {
            tree.updateReaping(node);
        }
        return tree;
    }
}
