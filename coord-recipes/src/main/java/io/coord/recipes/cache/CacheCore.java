package io.coord.recipes.cache;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of a tree equal to what the servers hold, without network, thread or clock.
 *
 * <p>Events of the watch are hints, reads are the truth: an event says which path to read, and what the read brings decides
 * what listeners are told. So events that come late, twice or merged do no harm, whatever the order between them and the
 * answers, and a node that one transaction deletes and makes again is never missing from the copy.
 *
 * <p>After an absence every known node is compared by its stat alone ({@code exists}); data are read only where mzxid
 * moved, lists of children only where pzxid did. A node whose czxid differs was deleted and made again, even when its
 * version looks the same, and is told as both.
 */
final class CacheCore {
    private final String root;
    private final boolean recursive;
    private final int maxConcurrentReads;
    private final ConcurrentNavigableMap<String, CachedNode> nodes;
    private final CachePort port;

    private final Map<String, Entry> entries = new HashMap<>();
    private final Deque<Entry> ready = new ArrayDeque<>();
    private final List<Entry> failed = new ArrayList<>();
    private int underWay;
    private long epoch;
    private long lastChildChange;
    private boolean connected;
    private boolean complete;
    private boolean initialized;

    /** What is known of one path, and what has to be read to know more. One read of a path at a time. */
    private static final class Entry {
        final String path;
        final Set<String> children = new HashSet<>();
        /** Zxid of the last change of the list of children that this copy contains; -1: the list was never read. */
        long childrenZxid = -1;
        /** The epoch in which a read has confirmed that. Before, changes may be missing that no event will tell. */
        long childrenEpoch = -1;

        boolean needsData;
        boolean needsStat;
        boolean needsChildren;

        boolean queued;
        boolean busy;

        Entry(String path) {
            this.path = path;
        }

        boolean needsAnything() {
            return needsData || needsStat || needsChildren;
        }
    }

    /** @param nodes the copy; only this core writes it */
    CacheCore(
            String root,
            boolean recursive,
            int maxConcurrentReads,
            ConcurrentNavigableMap<String, CachedNode> nodes,
            CachePort port) {
        this.root = root;
        this.recursive = recursive;
        this.maxConcurrentReads = maxConcurrentReads;
        this.nodes = nodes;
        this.port = port;
    }

    /** Whether the copy is complete and the servers are in reach, as far as this client knows. */
    boolean isInSync() {
        return connected && complete;
    }

    // ---- the connection

    /** The watch is armed: whatever changes from now on is told. */
    void connected() {
        epoch++;
        connected = true;
        complete = false;
        underWay = 0;
        ready.clear();
        failed.clear();
        for (Entry entry : entries.values()) {
            entry.busy = false;
            entry.queued = false;
        }
        compare(entry(root));
        proceed();
    }

    /** Answers under way are worthless from now on; the copy stays as it is. */
    void disconnected() {
        epoch++;
        connected = false;
        // One transaction can change several children, and the rest of its events may have been cut off.
        for (Entry entry : entries.values()) {
            if (entry.childrenZxid == lastChildChange) {
                entry.childrenZxid = -1;
            }
        }
    }

    // ---- events

    /** @param zxid of the change, or not positive when the server did not tell */
    void event(EventType type, String path, long zxid) {
        if (!connected || !ZnodePath.isSameOrBelow(path, root)) {
            return;
        }
        switch (type) {
            case NODE_CREATED -> {
                needData(entry(path));
                noteChildChange(path, zxid);
            }
            case NODE_DATA_CHANGED -> needData(entry(path));
            case NODE_DELETED -> {
                noteChildChange(path, zxid);
                Entry entry = entries.get(path);
                if (entry != null) {
                    // Made again in the same transaction, it is there already; so ask before telling a deletion.
                    compare(entry);
                }
            }
            case NODE_CHILDREN_CHANGED -> {
                // Only a watch that is not recursive tells this, and then children are not part of the copy.
            }
        }
        proceed();
    }

    /** A child came or went: the parent's list of children is known up to that change, without reading it. */
    private void noteChildChange(String path, long zxid) {
        Entry parent = path.equals(root) ? null : entries.get(ZnodePath.parent(path));
        if (parent != null && parent.childrenEpoch == epoch) {
            parent.childrenZxid = Math.max(parent.childrenZxid, zxid);
            lastChildChange = Math.max(lastChildChange, zxid);
        }
    }

    // ---- answers

    void dataRead(String path, Stat stat, byte[] data, long answerEpoch) {
        Entry entry = answered(path, answerEpoch);
        if (entry != null) {
            put(entry, new CachedNode(path, stat, data));
            finish(entry);
        }
    }

    void statRead(String path, Stat stat, long answerEpoch) {
        Entry entry = answered(path, answerEpoch);
        if (entry == null) {
            return;
        }
        CachedNode known = nodes.get(path);
        if (known == null || known.stat().czxid() != stat.czxid()) {
            load(entry);
        } else {
            if (known.stat().mzxid() != stat.mzxid()) {
                needData(entry);
            } else {
                nodes.put(path, known.withStat(stat));
            }
            if (recursive && stat.pzxid() != entry.childrenZxid) {
                needChildren(entry);
            } else {
                entry.childrenEpoch = epoch;
                compareChildren(entry);
            }
        }
        finish(entry);
    }

    void childrenRead(String path, List<String> names, Stat stat, long answerEpoch) {
        Entry entry = answered(path, answerEpoch);
        if (entry == null) {
            return;
        }
        entry.childrenZxid = Math.max(entry.childrenZxid, stat.pzxid());
        entry.childrenEpoch = epoch;
        Set<String> present = new HashSet<>(names);
        for (String child : List.copyOf(entry.children)) {
            CachedNode known = nodes.get(ZnodePath.child(path, child));
            if (present.contains(child)) {
                continue;
            }
            // A child that is newer than this list was made after it was read.
            if (known != null && known.stat().czxid() <= stat.pzxid()) {
                removeTree(known.path());
            } else if (known == null) {
                dropUnlessUnderWay(entry(ZnodePath.child(path, child)));
            }
        }
        for (String child : names) {
            Entry childEntry = entries.get(ZnodePath.child(path, child));
            if (childEntry == null) {
                load(entry(ZnodePath.child(path, child)));
            } else {
                compare(childEntry);
            }
        }
        finish(entry);
    }

    /** Left over from reads that an absence has cut off; what is below it may have been read already. */
    private void dropUnlessUnderWay(Entry entry) {
        if (!entry.busy && !entry.queued) {
            entry.needsData = false;
            entry.needsStat = false;
            entry.needsChildren = false;
            removeTree(entry.path);
        }
    }

    /** There is no such node. */
    void missing(String path, long answerEpoch) {
        Entry entry = answered(path, answerEpoch);
        if (entry != null) {
            entry.needsStat = false;
            entry.needsChildren = false;
            removeTree(path);
            finish(entry);
        }
    }

    /** @param permanent whether trying again would give the same answer, as with a node that may not be read */
    void readFailed(String path, boolean permanent, long answerEpoch) {
        Entry entry = answered(path, answerEpoch);
        if (entry == null) {
            return;
        }
        if (permanent) {
            entry.needsStat = false;
            entry.needsData = false;
            entry.needsChildren = false;
            removeTree(path);
            finish(entry);
            return;
        }
        entry.needsStat |= nodes.containsKey(path);
        entry.needsData |= !nodes.containsKey(path);
        entry.needsChildren |= recursive && entry.childrenZxid < 0;
        if (failed.isEmpty()) {
            port.retryLater(epoch);
        }
        failed.add(entry);
    }

    void retry(long retryEpoch) {
        if (retryEpoch != epoch) {
            return;
        }
        List<Entry> again = List.copyOf(failed);
        failed.clear();
        again.forEach(this::enqueue);
        proceed();
    }

    private @Nullable Entry answered(String path, long answerEpoch) {
        if (answerEpoch != epoch) {
            return null;
        }
        underWay--;
        Entry entry = entry(path);
        entry.busy = false;
        return entry;
    }

    private void finish(Entry entry) {
        if (entry.needsAnything()) {
            enqueue(entry);
        } else if (!nodes.containsKey(entry.path)) {
            forget(entry);
        }
        proceed();
    }

    // ---- what to read

    private void load(Entry entry) {
        needData(entry);
        needChildren(entry);
    }

    private void compare(Entry entry) {
        if (nodes.containsKey(entry.path)) {
            entry.needsStat = true;
            enqueue(entry);
        } else {
            load(entry);
        }
    }

    private void compareChildren(Entry entry) {
        for (String child : entry.children) {
            compare(entry(ZnodePath.child(entry.path, child)));
        }
    }

    private void needData(Entry entry) {
        entry.needsData = true;
        enqueue(entry);
    }

    private void needChildren(Entry entry) {
        if (recursive) {
            entry.needsChildren = true;
            enqueue(entry);
        }
    }

    private void enqueue(Entry entry) {
        if (!entry.busy && !entry.queued) {
            entry.queued = true;
            ready.add(entry);
        }
    }

    private void proceed() {
        while (connected && underWay < maxConcurrentReads && !ready.isEmpty()) {
            Entry entry = ready.remove();
            entry.queued = false;
            if (entries.get(entry.path) == entry && entry.needsAnything()) {
                read(entry);
            }
        }
        if (connected && !complete && underWay == 0 && ready.isEmpty() && failed.isEmpty()) {
            complete = true;
            if (initialized) {
                port.onResynced();
            } else {
                initialized = true;
                port.onInitialized();
            }
        }
    }

    private void read(Entry entry) {
        entry.busy = true;
        underWay++;
        if (entry.needsStat) {
            entry.needsStat = false;
            port.readStat(entry.path, epoch);
        } else if (entry.needsData) {
            entry.needsData = false;
            port.readData(entry.path, epoch);
        } else {
            entry.needsChildren = false;
            port.readChildren(entry.path, epoch);
        }
    }

    // ---- the copy

    private void put(Entry entry, CachedNode now) {
        CachedNode before = nodes.get(entry.path);
        if (before != null && before.stat().czxid() != now.stat().czxid()) {
            needChildren(entry);
            removeChildren(entry);
            // One step from the old incarnation to the new one: nobody who looks finds the node missing in between.
            nodes.put(entry.path, now);
            port.onDeleted(before);
            port.onCreated(now);
            return;
        }
        nodes.put(entry.path, now);
        if (before == null) {
            port.onCreated(now);
        } else if (before.stat().mzxid() != now.stat().mzxid()) {
            port.onChanged(before, now);
        }
    }

    /** Takes a node and all below it out of the copy and tells it, children before their parents. */
    private void removeTree(String path) {
        Entry entry = entries.get(path);
        if (entry != null) {
            removeChildren(entry);
            if (!entry.busy && !entry.needsAnything()) {
                forget(entry);
            }
        }
        CachedNode removed = nodes.remove(path);
        if (removed != null) {
            port.onDeleted(removed);
        }
    }

    private void removeChildren(Entry entry) {
        for (String child : List.copyOf(entry.children)) {
            removeTree(ZnodePath.child(entry.path, child));
        }
        entry.childrenZxid = -1;
        entry.childrenEpoch = -1;
    }

    private Entry entry(String path) {
        Entry entry = entries.get(path);
        if (entry == null) {
            entry = new Entry(path);
            entries.put(path, entry);
            if (!path.equals(root)) {
                entry(ZnodePath.parent(path)).children.add(ZnodePath.name(path));
            }
        }
        return entry;
    }

    private void forget(Entry entry) {
        if (entry.path.equals(root) || !entry.children.isEmpty()) {
            return;
        }
        entries.remove(entry.path);
        String parentPath = ZnodePath.parent(entry.path);
        Entry parent = entries.get(parentPath);
        if (parent != null) {
            parent.children.remove(ZnodePath.name(entry.path));
            if (!nodes.containsKey(parentPath) && !parent.busy && !parent.needsAnything()) {
                forget(parent);
            }
        }
    }
}
