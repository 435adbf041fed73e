package io.coord.server.internal.inspection;

/**
 * Which entries of a log are shown: those that meet all conditions.
 *
 * @param path of which, or below which, the entry says something; {@code /} for any, sessions' own included
 * @param sessionId whose it is; 0 for any
 * @param fromZxid the lowest, 0 for any
 * @param toZxid the highest
 * @param fromMs the earliest, wall-clock milliseconds
 * @param toMs the latest, wall-clock milliseconds
 */
public record EntryFilter(String path, long sessionId, long fromZxid, long toZxid, long fromMs, long toMs) {
    public static final EntryFilter ALL = new EntryFilter("/", 0, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE);

    boolean includes(LogEntry entry) {
        return (sessionId == 0 || sessionId == entry.sessionId())
                && entry.timeMs() >= fromMs
                && entry.timeMs() <= toMs
                && includesZxid(entry.zxid())
                && (path.equals("/")
                        || entry.steps().stream().anyMatch(each -> isBelow(each.path()))
                        || entry.changes().stream().anyMatch(each -> isBelow(each.path())));
    }

    private boolean includesZxid(long zxid) {
        return zxid == LogEntry.UNKNOWN
                ? fromZxid == 0 && toZxid == Long.MAX_VALUE
                : zxid >= fromZxid && zxid <= toZxid;
    }

    boolean isBelow(String other) {
        return path.equals("/")
                || (other.startsWith(path) && (other.length() == path.length() || other.charAt(path.length()) == '/'));
    }
}
