package io.coord.server.internal.metrics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A summary for each top-level znode: {@code /kafka/brokers/ids} counts for {@code kafka}. Found without making a text of the
 * name. Clients can make as many top-level znodes as they like, and each costs a series for ever: those beyond a limit share
 * one, whose key no znode can have.
 */
public final class NamespaceSummaries {
    /** Has a slash, so it is nobody's name. */
    public static final String OTHERS = "/others";

    private static final int MOST_NAMESPACES = 200;
    private static final int BUCKETS = 512;

    private final DetailLevel level;
    private final @Nullable Entry[] table = new @Nullable Entry[BUCKETS];
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable Entry others;
    /** Requests of one namespace come in rows. */
    private @Nullable Entry newest;

    NamespaceSummaries(DetailLevel level) {
        this.level = level;
    }

    /** Without effect for the root. */
    public void add(String path, long value) {
        Entry likely = newest;
        if (likely != null && likely.holds(path)) {
            likely.summary.add(value);
            return;
        }
        int end = path.indexOf('/', 1);
        if (end < 0) {
            end = path.length();
        }
        if (end > 1) {
            Entry entry = entryOf(path, end);
            entry.summary.add(value);
            newest = entry.name.equals(OTHERS) ? null : entry;
        }
    }

    private Entry entryOf(String path, int end) {
        int hash = 0;
        for (int i = 1; i < end; i++) {
            hash = 31 * hash + path.charAt(i);
        }
        int bucket = (hash ^ hash >>> 16) & (BUCKETS - 1);
        Entry entry = table[bucket];
        while (entry != null) {
            if (entry.name.length() == end - 1 && path.startsWith(entry.name, 1)) {
                return entry;
            }
            entry = entry.next;
        }
        return entries.size() < MOST_NAMESPACES ? newEntry(path.substring(1, end), bucket) : others();
    }

    private Entry newEntry(String name, int bucket) {
        Entry entry = new Entry(name, new Summary(level), table[bucket]);
        table[bucket] = entry;
        entries.add(entry);
        return entry;
    }

    private Entry others() {
        Entry shared = others;
        if (shared == null) {
            shared = new Entry(OTHERS, new Summary(level), null);
            others = shared;
        }
        return shared;
    }

    void turn() {
        all().forEach(each -> each.summary.turn());
    }

    void reset() {
        all().forEach(each -> each.summary.reset());
    }

    void collect(String name, List<MetricsSnapshot.SummaryValue> into) {
        all().forEach(each -> into.add(each.summary.valueOf(name, each.name)));
    }

    private List<Entry> all() {
        if (others == null) {
            return entries;
        }
        List<Entry> all = new ArrayList<>(entries);
        all.add(others);
        return all;
    }

    private record Entry(
            String name, Summary summary, @Nullable Entry next) {
        boolean holds(String path) {
            int end = name.length() + 1;
            return path.startsWith(name, 1) && (path.length() == end || path.charAt(end) == '/');
        }
    }
}
