package io.coord.recipes.counter;

import java.util.Arrays;

/**
 * One write under a condition, whose answer was lost, and what a later look says about it. A write that names a version takes
 * effect only as the change right after that version, so often the znode itself tells.
 *
 * @param czxid of the znode that was to be changed; 0 when it was to be created
 * @param version the data version that the write was to replace; {@link #CREATION} when the znode was to be created
 */
record Attempt(long czxid, int version, byte[] data) {
    static final int CREATION = -1;

    /** What is known about it. */
    enum Fate {
        APPLIED,
        /** It has not happened; and when it still does, a repetition at the same version fails. */
        NOT_APPLIED,
        /** Others wrote since, or wrote the same: it cannot be told. */
        UNKNOWN
    }

    /** The znode is missing. */
    Fate fateWhenMissing() {
        return version == CREATION ? Fate.NOT_APPLIED : Fate.UNKNOWN;
    }

    /**
     * @param othersMayWriteTheSame whether another's write could look like this one, as two increments of one do
     */
    Fate fate(long seenCzxid, int seenVersion, byte[] seenData, boolean othersMayWriteTheSame) {
        if (version != CREATION && seenCzxid != czxid) {
            return Fate.UNKNOWN;
        }
        if (seenVersion == version) {
            return Fate.NOT_APPLIED;
        }
        if (seenVersion != version + 1) {
            return Fate.UNKNOWN;
        }
        if (!Arrays.equals(seenData, data)) {
            return Fate.NOT_APPLIED;
        }
        return othersMayWriteTheSame ? Fate.UNKNOWN : Fate.APPLIED;
    }
}
