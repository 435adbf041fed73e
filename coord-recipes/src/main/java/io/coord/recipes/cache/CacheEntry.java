package io.coord.recipes.cache;

import org.jspecify.annotations.Nullable;

/** What has to be read of one path, and what is known of its children beyond the copy. One read of a path at a time. */
final class CacheEntry {
    static final long NEVER = -1;

    final String path;
    /** The copy's node, null when it has none. Kept here because a look into the copy costs more than all else. */
    @Nullable
    CachedNode known;

    /** Zxid of the last change of the list of children that the copy contains; or that the list was never read. */
    long childrenZxid = NEVER;
    /** The epoch in which a read has confirmed that. Before, changes may be missing that no event will tell. */
    long childrenEpoch = NEVER;
    /** The newest pzxid that a read has shown. */
    long seenPzxid = NEVER;

    boolean needsData;
    /** The copy's node has to be compared with what is there. */
    boolean needsComparison;

    boolean needsChildren;

    boolean queued;
    boolean busy;

    CacheEntry(String path, @Nullable CachedNode known) {
        this.path = path;
        this.known = known;
    }

    boolean needsAnything() {
        return needsData || needsComparison || needsChildren;
    }

    /** The connection is another one; what was asked for will not come. */
    void cutOff() {
        busy = false;
        queued = false;
        needsData = false;
        needsComparison = false;
        needsChildren = false;
    }

    void forgetChildren() {
        childrenZxid = NEVER;
        childrenEpoch = NEVER;
        seenPzxid = NEVER;
    }
}
