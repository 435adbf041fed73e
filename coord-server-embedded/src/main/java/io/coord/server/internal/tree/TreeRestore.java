package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a tree from the records of a snapshot. They may come in any order, but for an ACL before its first user; it is
 * quick if parents come before their children and siblings together, as a {@link TreeCut} hands out what does not change.
 */
public final class TreeRestore {
    private final ZnodeTree tree;
    private final ZnodeStore store;
    private final PathTable table;
    private final List<List<Acl>> accessLists = new ArrayList<>();
    private final ZnodeCodec.AclUse acls = this::useAcl;
    private final List<Integer> parents = new ArrayList<>();
    /** Nodes that have come before their parents, by the paths of those. */
    private final Map<String, List<Integer>> orphans = new HashMap<>();

    private @Nullable Place place;
    private boolean rootRead;

    /**
     * Where the last node belongs, and its siblings behind it.
     *
     * @param parent {@link ZnodeStore#NONE} when it has not come yet
     * @param siblings null when the parent has not come yet
     * @param hashing what the hash values of all children begin with
     */
    private record Place(
            String parentPath, int parent, @Nullable Children siblings, long hashing) {}

    public TreeRestore(long hashKey) {
        this.tree = ZnodeTree.toBeFilled(hashKey);
        this.store = tree.store();
        this.table = tree.table();
    }

    /** Takes the next ACL; the first one has index 0. */
    public void addAcl(List<Acl> entries) {
        accessLists.add(List.copyOf(entries));
    }

    /** @throws IllegalStateException when this is not a record that {@link ZnodeCodec} writes */
    public void addNode(ByteBuf in) {
        int flags = in.readByte();
        int nameLength = ZnodeCodec.readInt(in);
        int dataLength = (flags & ZnodeCodec.DATA) == 0 ? -1 : ZnodeCodec.readInt(in);
        Place at = place;
        if ((flags & ZnodeCodec.SIBLING) == 0) {
            int end = in.readerIndex() + nameLength;
            at = readPlace(nameLength, in);
            place = at;
            nameLength = end - in.readerIndex();
        }
        if (at == null) {
            throw new IllegalStateException("snapshot with a znode beside none");
        }
        if (nameLength == 0) {
            readRoot(flags, dataLength, in);
        } else {
            readNode(at, flags, nameLength, dataLength, in);
        }
    }

    /** Reads a path up to and with its last slash. */
    private Place readPlace(int pathLength, ByteBuf in) {
        String path = in.toString(in.readerIndex(), pathLength, StandardCharsets.UTF_8);
        String parentPath = path.substring(0, Math.max(path.lastIndexOf('/'), 0));
        String start = parentPath + '/';
        if (!path.startsWith(start)) {
            throw new IllegalStateException("snapshot with the impossible path " + path);
        }
        in.skipBytes(start.getBytes(StandardCharsets.UTF_8).length);
        int parent = tree.findParent(path);
        Children siblings = parent == ZnodeStore.NONE ? null : store.children(parent);
        return new Place(parentPath, siblings == null ? ZnodeStore.NONE : parent, siblings, table.hashing(start));
    }

    /** It is in the tree already, because others may have come before it. */
    private void readRoot(int flags, int dataLength, ByteBuf in) {
        int root = tree.root();
        int read = ZnodeCodec.decode(flags, 0, dataLength, ZnodeStore.NONE, acls, in, store);
        store.swap(root, read);
        tree.free(read);
        rootRead = true;
        adoptChildren(root);
    }

    private void readNode(Place at, int flags, int nameLength, int dataLength, ByteBuf in) {
        int node = ZnodeCodec.decode(flags, nameLength, dataLength, at.parent, acls, in, store);
        if (at.siblings == null) {
            orphans.computeIfAbsent(at.parentPath, path -> new ArrayList<>()).add(node);
        } else if (tree.linkRestored(node, PathTable.finish(table.hashing(at.hashing, node)), at.siblings)) {
            adoptChildren(node);
        }
    }

    private int useAcl(int index) {
        int used = tree.accessLists().use(accessLists.get(index));
        // The same object from now on, which is found without a look at its entries.
        accessLists.set(index, tree.accessLists().get(used).entries());
        return used;
    }

    /** A node has come that had children once; some of them may be here already, and some of theirs. */
    private void adoptChildren(int node) {
        parents.add(node);
        if (orphans.isEmpty()) {
            return;
        }
        Deque<Integer> next = new ArrayDeque<>(List.of(node));
        while (!next.isEmpty()) {
            int parent = next.remove();
            String path = parent == tree.root() ? "" : store.path(parent);
            List<Integer> children = orphans.remove(path);
            if (children == null) {
                continue;
            }
            Children siblings = store.children(parent);
            if (siblings == null) {
                throw new IllegalStateException("snapshot with children below a node that never had any: " + path);
            }
            long hashing = table.hashing(path + '/');
            for (int child : children) {
                store.setParent(child, parent);
                if (tree.linkRestored(child, PathTable.finish(table.hashing(hashing, child)), siblings)) {
                    parents.add(child);
                    next.add(child);
                }
            }
        }
    }

    /**
     * The finished tree.
     *
     * @throws IllegalStateException when a node lacks its parent: the snapshot is not whole
     */
    public ZnodeTree finish() {
        if (!rootRead || !orphans.isEmpty()) {
            throw new IllegalStateException("snapshot without a znode that has children: "
                    + (rootRead ? orphans.keySet().iterator().next() : "/"));
        }
        for (int parent : parents) {
            tree.finishRestored(parent);
        }
        tree.finishRestored();
        return tree;
    }
}
