package io.coord.verification.simulation;

import java.util.ArrayList;
import java.util.List;

/** What a member of the simulated ensemble keeps over its crashes: term, log and the newest snapshot. */
final class RaftStorage {
    /**
     * A saved state.
     *
     * @param index the last entry that it includes
     * @param position how many commands that are
     */
    record Snapshot(long index, long term, long position, List<byte[]> chunks) {
        static final Snapshot NONE = new Snapshot(0, 0, 0, List.of());
    }

    long term;
    Snapshot snapshot = Snapshot.NONE;
    /** Index and term of the entry before the first that is kept. */
    long baseIndex;

    long baseTerm;
    private final List<RaftEntry> entries = new ArrayList<>();
    /** Entries behind this one are lost with the power. */
    private long syncedIndex;

    long lastIndex() {
        return baseIndex + entries.size();
    }

    long lastTerm() {
        return entries.isEmpty() ? baseTerm : entries.get(entries.size() - 1).term();
    }

    boolean holds(long index) {
        return index > baseIndex && index <= lastIndex();
    }

    RaftEntry entry(long index) {
        return entries.get((int) (index - baseIndex - 1));
    }

    /** -1 when it is not known any more. */
    long termAt(long index) {
        return index == baseIndex ? baseTerm : holds(index) ? entry(index).term() : -1;
    }

    List<RaftEntry> from(long index, int most) {
        int start = (int) (index - baseIndex - 1);
        return List.copyOf(entries.subList(start, Math.min(entries.size(), start + most)));
    }

    void append(RaftEntry entry) {
        if (entry.index() != lastIndex() + 1) {
            throw new IllegalStateException("entry " + entry.index() + " behind " + lastIndex());
        }
        entries.add(entry);
    }

    /** Removes this entry and all behind it. */
    void truncate(long index) {
        entries.subList((int) (index - baseIndex - 1), entries.size()).clear();
        syncedIndex = Math.min(syncedIndex, lastIndex());
    }

    long syncedIndex() {
        return syncedIndex;
    }

    void sync(long upTo) {
        syncedIndex = Math.max(syncedIndex, Math.min(upTo, lastIndex()));
    }

    void losePower() {
        if (lastIndex() > syncedIndex) {
            truncate(syncedIndex + 1);
        }
    }

    /** The log up to some entries before the snapshot is not needed any more. */
    void compact(Snapshot taken, int keptEntries) {
        snapshot = taken;
        long newBase = Math.max(baseIndex, taken.index() - keptEntries);
        if (newBase > baseIndex) {
            long newBaseTerm = termAt(newBase);
            entries.subList(0, (int) (newBase - baseIndex)).clear();
            baseIndex = newBase;
            baseTerm = newBaseTerm;
            // The others may have committed what this one has not synced yet; its snapshot has it.
            syncedIndex = Math.max(syncedIndex, baseIndex);
        }
    }

    /** Takes over what another member has saved. What it has behind that may be committed already, and stays. */
    void install(Snapshot received) {
        snapshot = received;
        if (termAt(received.index()) == received.term()) {
            compact(received, 0);
            syncedIndex = Math.max(syncedIndex, received.index());
            return;
        }
        entries.clear();
        baseIndex = received.index();
        baseTerm = received.term();
        syncedIndex = received.index();
    }
}
