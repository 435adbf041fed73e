package io.coord.recipes.cache;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.cache.CacheRead.Kind;
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
 * <p>After an absence every known node is compared by its stat. Lists of children are read only where pzxid moved, and long
 * data only where mzxid did; short data come along with the stat, since one request can then compare hundreds of nodes. A
 * node whose czxid differs was deleted and made again, even when its version looks the same, and is told as both.
 *
 * <p>Reads that can wait for each other go out together: while a request is under way, only full ones follow it.
 */
final class CacheCore {
    private final CacheScope scope;
    private final int maxConcurrentRequests;
    private final CacheCopy copy;
    private final CachePort port;
    private final ReadSchedule schedule;

    /** Paths with something to read, and nodes with children. A leaf at rest has none. */
    private final Map<String, CacheEntry> entries = new HashMap<>();

    /** Nodes whose children have to be compared one by one. */
    private final Deque<String> toExpand = new ArrayDeque<>();

    private final List<CacheEntry> failed = new ArrayList<>();
    /** Nodes of whose children some were left out, because the copy holds as many nodes as it may. */
    private final Set<String> incomplete = new HashSet<>();

    private int underWay;
    private long epoch;
    private long lastChildChange;
    private boolean connected;
    private boolean complete;
    private boolean initialized;

    /** @param nodes the copy; only this core writes it */
    CacheCore(
            CacheScope scope,
            int maxConcurrentRequests,
            ConcurrentNavigableMap<String, CachedNode> nodes,
            CachePort port) {
        this.scope = scope;
        this.maxConcurrentRequests = maxConcurrentRequests;
        this.copy = new CacheCopy(scope, nodes, port, this::removed);
        this.schedule = new ReadSchedule();
        this.port = port;
    }

    /** Whether the copy is complete and the servers are in reach, as far as this client knows. */
    boolean isInSync() {
        return connected && complete;
    }

    /** Whether nodes are left out because the cache holds as many as it may. */
    boolean isLimited() {
        return !incomplete.isEmpty();
    }

    // ---- the connection

    /** The watch is armed: whatever changes from now on is told. */
    void connected() {
        epoch++;
        connected = true;
        complete = false;
        underWay = 0;
        schedule.clear();
        toExpand.clear();
        failed.clear();
        for (CacheEntry entry : List.copyOf(entries.values())) {
            boolean wasCutOff = entry.busy || entry.needsAnything();
            entry.cutOff();
            if (wasCutOff) {
                compare(entry);
            }
        }
        compare(entry(scope.root()));
        proceed();
    }

    /** Answers under way are worthless from now on; the copy stays as it is. */
    void disconnected() {
        epoch++;
        connected = false;
        // One transaction can change several children, and the rest of its events may have been cut off.
        for (CacheEntry entry : entries.values()) {
            if (entry.childrenZxid == lastChildChange) {
                entry.childrenZxid = CacheEntry.NEVER;
            }
        }
    }

    // ---- events

    /** @param zxid of the change, or not positive when the server did not tell */
    void event(EventType type, String path, long zxid) {
        if (!connected || !scope.contains(path)) {
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
                // Made again in the same transaction, it is there already; so ask before telling a deletion.
                if (copy.get(path) != null || entries.containsKey(path)) {
                    compare(entry(path));
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
        if (path.equals(scope.root())) {
            return;
        }
        String parentPath = ZnodePath.parent(path);
        CacheEntry parent = entries.get(parentPath);
        if (parent == null && complete && copy.get(parentPath) != null) {
            parent = entry(parentPath);
        }
        if (parent != null && parent.childrenEpoch == epoch) {
            parent.childrenZxid = Math.max(parent.childrenZxid, zxid);
            lastChildChange = Math.max(lastChildChange, zxid);
        }
    }

    // ---- answers

    void dataRead(String path, Stat stat, byte[] data, long answerEpoch) {
        CacheEntry entry = answered(path, answerEpoch);
        if (entry == null) {
            return;
        }
        schedule.budget.dataRead(data.length);
        switch (copy.put(entry, stat, data)) {
            case MADE_ANEW -> {
                entry.forgetChildren();
                followChildren(entry, stat);
            }
            case KEPT -> followChildren(entry, stat);
            case NO_ROOM -> leaveOut(entry);
        }
        finish(entry);
    }

    void statRead(String path, Stat stat, long answerEpoch) {
        CacheEntry entry = answered(path, answerEpoch);
        if (entry == null) {
            return;
        }
        CachedNode known = entry.known;
        if (known == null
                || known.stat().mzxid() != stat.mzxid()
                || known.stat().czxid() != stat.czxid()) {
            needData(entry);
        } else {
            copy.confirm(entry, known, stat);
            followChildren(entry, stat);
        }
        finish(entry);
    }

    /** @param pzxid of the znode when the list was read, or not positive when that is not known */
    void childrenRead(String path, List<String> names, long pzxid, long answerEpoch) {
        CacheEntry entry = answered(path, answerEpoch);
        if (entry == null) {
            return;
        }
        if (entry.known != null) {
            listed(entry, names, Math.max(pzxid, entry.seenPzxid));
        }
        finish(entry);
    }

    /** There is no such node. */
    void missing(String path, long answerEpoch) {
        gone(path, answerEpoch);
    }

    /** @param permanent whether trying again would give the same answer, as with a node that may not be read */
    void readFailed(String path, boolean permanent, long answerEpoch) {
        if (permanent) {
            gone(path, answerEpoch);
            return;
        }
        CacheEntry entry = answered(path, answerEpoch);
        if (entry != null) {
            entry.needsComparison |= entry.known != null;
            entry.needsData |= entry.known == null;
            if (failed.isEmpty()) {
                port.retryLater(epoch);
            }
            failed.add(entry);
        }
    }

    private void gone(String path, long answerEpoch) {
        CacheEntry entry = answered(path, answerEpoch);
        if (entry != null) {
            // An event that came meanwhile may tell of a node that is newer than this answer.
            entry.needsComparison = false;
            entry.needsChildren = false;
            entry.forgetChildren();
            copy.removeTree(path);
            finish(entry);
        }
    }

    /** All reads of a request are answered. */
    void requestDone(long answerEpoch) {
        if (answerEpoch == epoch) {
            underWay--;
            schedule.budget.requestDone();
            proceed();
        }
    }

    /** The answers to these reads are too long for one response; there were at least two. */
    void tooLong(List<CacheRead> reads, long answerEpoch) {
        if (answerEpoch == epoch) {
            long bytes = 0;
            for (CacheRead read : reads) {
                bytes += schedule.budget.estimate(read.kind(), entry(read.path()).known);
            }
            schedule.budget.tooLong(reads.size(), bytes);
            again(reads);
        }
    }

    /** The server does not know requests with several reads. */
    void batchesUnsupported(List<CacheRead> reads, long answerEpoch) {
        schedule.budget.noBatches();
        if (answerEpoch == epoch) {
            again(reads);
        }
    }

    private void again(List<CacheRead> reads) {
        underWay--;
        for (CacheRead read : reads) {
            CacheEntry entry = entry(read.path());
            entry.busy = false;
            if (read.kind() == Kind.CHILDREN) {
                entry.needsChildren = true;
            } else {
                entry.needsData = true;
            }
            schedule.enqueue(entry);
        }
        proceed();
    }

    void retry(long retryEpoch) {
        if (retryEpoch != epoch) {
            return;
        }
        List<CacheEntry> again = List.copyOf(failed);
        failed.clear();
        again.forEach(schedule::enqueue);
        proceed();
    }

    private @Nullable CacheEntry answered(String path, long answerEpoch) {
        if (answerEpoch != epoch) {
            return null;
        }
        CacheEntry entry = entry(path);
        entry.busy = false;
        return entry;
    }

    private void finish(CacheEntry entry) {
        if (entry.needsAnything()) {
            schedule.enqueue(entry);
        } else {
            forgetUnlessNeeded(entry);
        }
    }

    // ---- children

    /** A node of the copy was read: are its children known? */
    private void followChildren(CacheEntry entry, Stat stat) {
        entry.seenPzxid = Math.max(entry.seenPzxid, stat.pzxid());
        if (!scope.descends(entry.path) || entry.childrenEpoch == epoch) {
            return;
        }
        if (stat.pzxid() == entry.childrenZxid) {
            entry.childrenEpoch = epoch;
            toExpand.add(entry.path);
        } else if (stat.numChildren() == 0) {
            listed(entry, List.of(), stat.pzxid());
        } else {
            needChildren(entry);
        }
    }

    /** @param pzxid the list shows at least the state of that change */
    private void listed(CacheEntry entry, List<String> names, long pzxid) {
        entry.childrenZxid = Math.max(entry.childrenZxid, pzxid);
        entry.childrenEpoch = epoch;
        Set<String> present = new HashSet<>(names.size() * 2);
        for (String name : names) {
            present.add(ZnodePath.child(entry.path, name));
        }
        copy.children(entry.path).forEachRemaining(child -> {
            if (!present.contains(child)) {
                dropUnlessNewer(child, pzxid);
            }
        });
        for (String child : present) {
            if (scope.contains(child)) {
                compare(entry(child));
            }
        }
    }

    /** A child that is newer than the list was made after it was read. */
    private void dropUnlessNewer(String child, long pzxid) {
        CachedNode known = copy.get(child);
        if (known != null) {
            if (known.stat().czxid() <= pzxid) {
                copy.removeTree(child);
            }
            return;
        }
        // Left over from reads that an absence has cut off; what is below it may have been read already.
        CacheEntry entry = entries.get(child);
        if (entry == null || (!entry.busy && !entry.needsAnything())) {
            copy.removeTree(child);
        }
    }

    private void expand(String path) {
        copy.children(path).forEachRemaining(child -> compare(entry(child)));
    }

    // ---- what to read

    private void compare(CacheEntry entry) {
        if (entry.known != null) {
            entry.needsComparison = true;
        } else {
            entry.needsData = true;
        }
        schedule.enqueue(entry);
    }

    private void needData(CacheEntry entry) {
        entry.needsData = true;
        schedule.enqueue(entry);
    }

    private void needChildren(CacheEntry entry) {
        entry.needsChildren = true;
        schedule.enqueue(entry);
    }

    private void proceed() {
        if (!connected) {
            return;
        }
        fillUp();
        while (underWay < maxConcurrentRequests && schedule.mayGoNow(underWay)) {
            List<CacheRead> reads = schedule.nextRequest();
            if (!reads.isEmpty()) {
                underWay++;
                port.read(reads, epoch);
            }
            fillUp();
        }
        if (!complete && underWay == 0 && schedule.isEmpty() && failed.isEmpty()) {
            complete = true;
            if (initialized) {
                port.onResynced();
            } else {
                initialized = true;
                port.onInitialized();
            }
        }
    }

    private void fillUp() {
        if (incomplete.isEmpty() || !copy.hasRoomAgain()) {
            while (!schedule.hasEnough() && !toExpand.isEmpty()) {
                expand(toExpand.remove());
            }
            return;
        }
        List<String> parents = List.copyOf(incomplete);
        incomplete.clear();
        for (String path : parents) {
            if (copy.get(path) != null) {
                CacheEntry entry = entry(path);
                entry.forgetChildren();
                needChildren(entry);
            }
        }
    }

    // ---- entries

    private CacheEntry entry(String path) {
        CacheEntry entry = entries.get(path);
        if (entry == null) {
            CachedNode known = copy.get(path);
            entry = new CacheEntry(known == null ? path : known.path(), known);
            if (known != null && known.stat().numChildren() == 0) {
                entry.childrenZxid = known.stat().pzxid();
                entry.seenPzxid = known.stat().pzxid();
                // Complete means that all nodes have been compared since the watch was armed.
                entry.childrenEpoch = complete ? epoch : CacheEntry.NEVER;
            }
            entries.put(entry.path, entry);
        }
        return entry;
    }

    private void leaveOut(CacheEntry entry) {
        boolean first = incomplete.isEmpty();
        incomplete.add(ZnodePath.parent(entry.path));
        if (first) {
            port.onLimitReached();
        }
    }

    private void removed(String path) {
        CacheEntry entry = entries.get(path);
        if (entry != null) {
            entry.known = null;
            entry.forgetChildren();
            forgetUnlessNeeded(entry);
        }
    }

    /** A leaf says by its stat alone that it has no children. */
    private void forgetUnlessNeeded(CacheEntry entry) {
        if (entry.busy || entry.needsAnything()) {
            return;
        }
        CachedNode known = entry.known;
        boolean saysNothingElse = known == null
                || !scope.descends(entry.path)
                || (known.stat().numChildren() == 0
                        && entry.childrenZxid == known.stat().pzxid());
        if (saysNothingElse) {
            entries.remove(entry.path);
        }
    }
}
