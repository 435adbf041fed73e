package io.coord.recipes.cache;

import io.coord.recipes.cache.CacheRead.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits to be read, and what of it goes into the next request: nodes before lists of children, so that no more names are
 * known than can be read soon. An entry waits at most once, and not while a read of it is under way. Owned by the core.
 */
final class ReadSchedule {
    /** As long as more nodes than this wait to be read, no further lists of children are asked for: they would only be kept. */
    private static final int ENOUGH_WAITING = 2048;

    final ReadBudget budget = new ReadBudget();
    private final Deque<CacheEntry> ready = new ArrayDeque<>();
    private final Deque<CacheEntry> readyLists = new ArrayDeque<>();

    void clear() {
        ready.clear();
        readyLists.clear();
    }

    boolean isEmpty() {
        return ready.isEmpty() && readyLists.isEmpty();
    }

    /** Whether so many nodes wait that others need not be looked for yet. */
    boolean hasEnough() {
        return ready.size() >= ENOUGH_WAITING;
    }

    void enqueue(CacheEntry entry) {
        if (!entry.busy && !entry.queued) {
            entry.queued = true;
            boolean listOnly = !entry.needsData && !entry.needsComparison;
            (listOnly ? readyLists : ready).add(entry);
        }
    }

    /** While something is under way, what is to be read next gathers until it makes a full request. */
    boolean mayGoNow(int underWay) {
        if (isEmpty()) {
            return false;
        }
        return underWay == 0
                || !budget.allowsBatches()
                || budget.isFull(ready.size())
                || (!ready.isEmpty() && kindOf(ready.getFirst()) == Kind.STAT)
                || isListTurn();
    }

    /** May be empty when what was waiting needs no reading any more. */
    List<CacheRead> nextRequest() {
        List<CacheRead> reads = new ArrayList<>();
        long bytes = 0;
        while (!isEmpty()) {
            boolean fromLists = ready.isEmpty() || (reads.isEmpty() && isListTurn());
            Deque<CacheEntry> source = fromLists ? readyLists : ready;
            CacheEntry entry = source.getFirst();
            if (!entry.needsAnything()) {
                source.removeFirst();
                entry.queued = false;
                continue;
            }
            Kind kind = kindOf(entry);
            int more = budget.estimate(kind, entry.known);
            if (!reads.isEmpty() && (kind == Kind.STAT || !budget.fits(reads.size(), bytes, more))) {
                break;
            }
            source.removeFirst();
            reads.add(take(entry, kind));
            bytes += more;
            if (kind == Kind.STAT || !budget.allowsBatches()) {
                break;
            }
        }
        return reads;
    }

    private boolean isListTurn() {
        return !hasEnough() && budget.isFull(readyLists.size());
    }

    private CacheRead take(CacheEntry entry, Kind kind) {
        entry.queued = false;
        entry.busy = true;
        switch (kind) {
            case DATA -> {
                entry.needsData = false;
                entry.needsComparison = false;
            }
            case STAT -> entry.needsComparison = false;
            case CHILDREN -> entry.needsChildren = false;
        }
        return new CacheRead(kind, entry.path);
    }

    private Kind kindOf(CacheEntry entry) {
        if (entry.needsData) {
            return Kind.DATA;
        }
        if (entry.needsComparison) {
            CachedNode known = entry.known;
            return known == null || known.stat().dataLength() <= CacheCopy.SHORT_DATA_BYTES ? Kind.DATA : Kind.STAT;
        }
        return Kind.CHILDREN;
    }
}
