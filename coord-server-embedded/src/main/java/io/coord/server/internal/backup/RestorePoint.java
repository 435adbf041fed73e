package io.coord.server.internal.backup;

/**
 * Up to where a restore goes: the last transaction that meets both conditions.
 *
 * @param zxid that no transaction may be above
 * @param timeMs that no transaction may be later than, wall-clock milliseconds
 */
public record RestorePoint(long zxid, long timeMs) {
    /** All that there is. */
    public static final RestorePoint END = new RestorePoint(Long.MAX_VALUE, Long.MAX_VALUE);

    public static RestorePoint atZxid(long zxid) {
        return new RestorePoint(zxid, Long.MAX_VALUE);
    }

    public static RestorePoint atTime(long timeMs) {
        return new RestorePoint(Long.MAX_VALUE, timeMs);
    }

    boolean includes(long otherZxid, long otherTimeMs) {
        return otherZxid <= zxid && otherTimeMs <= timeMs;
    }
}
