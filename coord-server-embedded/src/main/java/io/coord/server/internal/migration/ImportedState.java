package io.coord.server.internal.migration;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tree and sessions as a ZooKeeper server would have them in memory after it has read its files. A snapshot of ZooKeeper is
 * taken while the tree changes, so it may hold parts of transactions behind its own; these are done again. That is why each
 * step here bears that it was done before, by ZooKeeper's own rules.
 */
final class ImportedState {
    static final String CONFIG = "/zookeeper/config";
    /** An ACL that a snapshot names and does not have; a transaction behind it must bring it. */
    static final List<Acl> MISSING_ACL = List.of(new Acl(0, io.coord.protocol.data.Id.AUTHENTICATED));

    private final Map<String, ImportedNode> nodes = new HashMap<>();
    private final Map<Long, Set<String>> ephemerals = new HashMap<>();
    private final Map<Long, Integer> sessionTimeoutsMs = new TreeMap<>();
    /** Equal ACLs are one object. */
    private final Map<List<Acl>, List<Acl>> accessLists = new HashMap<>();

    private long lastZxid;
    private long lastTimeMs;
    private long highestSessionId;

    /** What an empty server begins with. */
    static ImportedState empty() {
        ImportedState state = new ImportedState();
        state.nodes.put(ZnodePath.ROOT, new ImportedNode(new byte[0], Acl.OPEN));
        for (String each : List.of("/zookeeper", "/zookeeper/quota")) {
            state.addRead(each, new ImportedNode(new byte[0], Acl.OPEN));
        }
        state.addConfigIfMissing();
        return state;
    }

    /** Versions before 3.5 have no such znode. */
    void addConfigIfMissing() {
        if (!nodes.containsKey(CONFIG) && nodes.containsKey("/zookeeper")) {
            ImportedNode config = new ImportedNode(new byte[0], Acl.WORLD_READ);
            config.aversion = -1;
            addRead(CONFIG, config);
        }
    }

    /** A znode of a snapshot; false when its parent has not come before it. */
    boolean addRead(String path, ImportedNode node) {
        if (!path.equals(ZnodePath.ROOT)) {
            @Nullable ImportedNode parent = nodes.get(parentOf(path));
            if (parent == null) {
                return false;
            }
            parent.addChild(nameOf(path));
        }
        nodes.put(path, node);
        noteOwner(path, node.owner);
        lastTimeMs = Math.max(lastTimeMs, node.mtime);
        return true;
    }

    void openSession(long id, int timeoutMs) {
        sessionTimeoutsMs.put(id, timeoutMs);
        noteSessionId(id);
    }

    private void noteOwner(String path, long owner) {
        Owner kind = Owner.of(owner);
        if (kind == Owner.SESSION || kind == Owner.PERHAPS_TTL_OF_353) {
            ephemerals.computeIfAbsent(owner, id -> new TreeSet<>()).add(path);
            noteSessionId(owner);
        }
    }

    private void noteSessionId(long id) {
        if (id >>> (Long.SIZE - Byte.SIZE) == 1) {
            highestSessionId = Math.max(highestSessionId, id);
        }
    }

    void apply(Transaction transaction) {
        for (Transaction.Change each : transaction.changes()) {
            apply(transaction, each);
        }
        lastZxid = Math.max(lastZxid, transaction.zxid());
        lastTimeMs = Math.max(lastTimeMs, transaction.timeMs());
        noteSessionId(transaction.sessionId());
    }

    private void apply(Transaction in, Transaction.Change change) {
        if (change instanceof Transaction.Create create) {
            create(in, create);
        } else if (change instanceof Transaction.Delete delete) {
            delete(delete.path(), in.zxid());
        } else if (change instanceof Transaction.SetData set) {
            @Nullable ImportedNode node = nodes.get(set.path());
            if (node != null) {
                node.data = set.data();
                node.version = set.version();
                node.mzxid = in.zxid();
                node.mtime = in.timeMs();
            }
        } else if (change instanceof Transaction.SetAcl set) {
            @Nullable ImportedNode node = nodes.get(set.path());
            if (node != null) {
                node.acl = shared(set.acl());
                node.aversion = set.version();
            }
        } else if (change instanceof Transaction.OpenSession open) {
            openSession(in.sessionId(), open.timeoutMs());
        } else if (change instanceof Transaction.CloseSession close) {
            sessionTimeoutsMs.remove(in.sessionId());
            close.ephemerals().forEach(path -> delete(path, in.zxid()));
            deleteEphemerals(in.sessionId(), in.zxid());
        }
    }

    private void create(Transaction in, Transaction.Create create) {
        @Nullable ImportedNode parent = nodes.get(parentOf(create.path()));
        if (parent == null) {
            return;
        }
        int cversion = create.parentCversion() == -1 ? parent.cversion + 1 : create.parentCversion();
        @Nullable ImportedNode existing = nodes.get(create.path());
        if (existing != null) {
            existing.acl = shared(create.acl());
            if (create.raisesCversionAnyway()) {
                raiseCversion(parent, cversion, in.zxid());
            }
            return;
        }
        raiseCversion(parent, cversion, in.zxid());
        ImportedNode node = new ImportedNode(create.data(), shared(create.acl()));
        node.czxid = in.zxid();
        node.mzxid = in.zxid();
        node.pzxid = in.zxid();
        node.ctime = in.timeMs();
        node.mtime = in.timeMs();
        node.owner = create.owner();
        parent.addChild(nameOf(create.path()));
        nodes.put(create.path(), node);
        noteOwner(create.path(), node.owner);
    }

    private static void raiseCversion(ImportedNode parent, int cversion, long zxid) {
        if (cversion > parent.cversion) {
            parent.cversion = cversion;
            parent.pzxid = zxid;
        }
    }

    private void delete(String path, long zxid) {
        @Nullable ImportedNode parent = nodes.get(parentOf(path));
        if (parent == null) {
            return;
        }
        parent.removeChild(nameOf(path));
        parent.pzxid = Math.max(parent.pzxid, zxid);
        @Nullable ImportedNode node = nodes.remove(path);
        if (node != null) {
            @Nullable Set<String> paths = ephemerals.get(node.owner);
            if (paths != null) {
                paths.remove(path);
            }
        }
    }

    /** @return the paths of those that were there */
    private List<String> deleteEphemerals(long sessionId, long zxid) {
        @Nullable Set<String> paths = ephemerals.remove(sessionId);
        List<String> deleted = paths == null ? List.of() : List.copyOf(paths);
        deleted.forEach(path -> delete(path, zxid));
        return deleted;
    }

    /** Ends a session that is not to live on; at the zxid of the last transaction, as ZooKeeper does at its start. */
    List<String> dropSession(long sessionId) {
        sessionTimeoutsMs.remove(sessionId);
        return deleteEphemerals(sessionId, lastZxid);
    }

    /** Whose ephemerals are there though no session has the id. */
    List<Long> deadOwners() {
        List<Long> dead = new ArrayList<>();
        for (Map.Entry<Long, Set<String>> each : ephemerals.entrySet()) {
            if (!each.getValue().isEmpty() && !sessionTimeoutsMs.containsKey(each.getKey())) {
                dead.add(each.getKey());
            }
        }
        return dead;
    }

    Set<String> ephemeralsOf(long sessionId) {
        return ephemerals.getOrDefault(sessionId, Set.of());
    }

    /** The owner is no session: its znode has a time to live, or is anybody's. */
    void forgetOwner(long owner) {
        ephemerals.remove(owner);
    }

    List<Acl> shared(List<Acl> acl) {
        return accessLists.computeIfAbsent(acl, List::copyOf);
    }

    void onSnapshot(long zxid) {
        lastZxid = Math.max(lastZxid, zxid);
    }

    @Nullable
    ImportedNode get(String path) {
        return nodes.get(path);
    }

    int nodeCount() {
        return nodes.size();
    }

    /** Timeouts in milliseconds by id, in the order of the ids. */
    Map<Long, Integer> sessions() {
        return sessionTimeoutsMs;
    }

    long lastZxid() {
        return lastZxid;
    }

    long lastTimeMs() {
        return lastTimeMs;
    }

    /** The highest id that was seen anywhere among those that Coord's own look like; 0 for none. */
    long highestSessionId() {
        return highestSessionId;
    }

    static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ZnodePath.ROOT : path.substring(0, slash);
    }

    static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String childOf(String path, String name) {
        return path.equals(ZnodePath.ROOT) ? path + name : path + '/' + name;
    }
}
