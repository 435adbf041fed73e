package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.auth.AccessList;
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
    private final PathTable table;
    private final ZnodeTree tree;
    private final List<List<Acl>> accessLists = new ArrayList<>();
    private final List<Znode> parents = new ArrayList<>();
    /** Nodes that have come before their parents, by the paths of those. */
    private final Map<String, List<Znode>> orphans = new HashMap<>();

    private @Nullable Place place;
    private boolean rootRead;
    private int nodeCount;

    /**
     * Where the last node belongs, and its siblings behind it.
     *
     * @param parent null when it has not come yet
     * @param hashing what the hash values of all children begin with
     */
    private record Place(String parentPath, @Nullable Znode parent, long hashing) {}

    public TreeRestore(long hashKey) {
        this.table = new PathTable(hashKey);
        this.tree = new ZnodeTree(table);
    }

    /** Takes the next ACL; the first one has index 0. */
    public void addAcl(List<Acl> entries) {
        accessLists.add(List.copyOf(entries));
    }

    /** @throws IllegalStateException when this is not a record that {@link ZnodeCodec} writes */
    public void addNode(ByteBuf in) {
        nodeCount++;
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
        Znode parent = tree.getParent(path);
        boolean early = parent == null || parent.children() == null;
        return new Place(parentPath, early ? null : parent, table.hashing(start));
    }

    /** It is in the tree already, because others may have come before it. */
    private void readRoot(int flags, int dataLength, ByteBuf in) {
        Znode read = ZnodeCodec.decode(flags, 0, dataLength, 0, this::useAcl, in);
        Znode root = tree.root();
        tree.accessLists().release(root.acl);
        root.acl = read.acl;
        root.bytes = read.bytes;
        root.extras = read.extras;
        rootRead = true;
        adoptChildren(root);
    }

    private void readNode(Place at, int flags, int nameLength, int dataLength, ByteBuf in) {
        Znode node = ZnodeCodec.decode(flags, nameLength, dataLength, at.hashing, this::useAcl, in);
        if (at.parent == null) {
            orphans.computeIfAbsent(at.parentPath, path -> new ArrayList<>()).add(node);
            return;
        }
        tree.linkRestored(node, at.parent);
        if (node.children() != null) {
            adoptChildren(node);
        }
    }

    private AccessList useAcl(int index) {
        AccessList used = tree.accessLists().use(accessLists.get(index));
        // The same object from now on, which is found without a look at its entries.
        accessLists.set(index, used.entries());
        return used;
    }

    /** A node has come that had children once; some of them may be here already, and some of theirs. */
    private void adoptChildren(Znode node) {
        parents.add(node);
        if (orphans.isEmpty()) {
            return;
        }
        Deque<Znode> next = new ArrayDeque<>(List.of(node));
        while (!next.isEmpty()) {
            Znode parent = next.remove();
            List<Znode> children = orphans.remove(parent == tree.root() ? "" : parent.path());
            for (Znode child : children == null ? List.<Znode>of() : children) {
                tree.linkRestored(child, parent);
                if (child.children() != null) {
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
        table.reserve(nodeCount);
        for (Znode parent : parents) {
            tree.finishRestored(parent);
        }
        return tree;
    }
}
