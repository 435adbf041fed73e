package io.coord.server.internal.quota;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers by name, in the text that ZooKeeper's own clients read and write: {@code count=4,bytes=5}, and with further numbers
 * {@code count=4,bytes=5=;countHardLimit=10}. The odd sign before the semicolon is for readers from before there were any.
 */
final class QuotaFigures {
    private static final String COUNT = "count";
    private static final String BYTES = "bytes";
    private static final String COUNT_HARD_LIMIT = "countHardLimit";
    private static final String BYTE_HARD_LIMIT = "byteHardLimit";
    /** What is not there, or is no limit. */
    private static final long NONE = -1;

    /** Ordered, because the text must not depend on hash values. */
    private final SortedMap<String, Long> values;

    private QuotaFigures(SortedMap<String, Long> values) {
        this.values = values;
    }

    static QuotaFigures of(long count, long bytes) {
        return new QuotaFigures(new TreeMap<>(Map.of(COUNT, count, BYTES, bytes)));
    }

    /** Null when this is not such a text. No text at all has no numbers. */
    static @Nullable QuotaFigures parse(byte @Nullable [] data) {
        SortedMap<String, Long> values = new TreeMap<>();
        String text = data == null ? "" : new String(data, StandardCharsets.UTF_8);
        if (!text.isEmpty()) {
            for (String each : text.split("[,;]+", 0)) {
                if (!parsePair(each.split("=", 0), values)) {
                    return null;
                }
            }
        }
        return new QuotaFigures(values);
    }

    private static boolean parsePair(String[] pair, SortedMap<String, Long> values) {
        if (pair.length < 2) {
            return false;
        }
        try {
            values.put(pair[0], pair[1].isEmpty() ? NONE : Long.parseLong(pair[1]));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    long count() {
        return value(COUNT);
    }

    long bytes() {
        return value(BYTES);
    }

    /** Of znodes; negative for none. */
    long countHardLimit() {
        return value(COUNT_HARD_LIMIT);
    }

    /** Negative for none. */
    long byteHardLimit() {
        return value(BYTE_HARD_LIMIT);
    }

    private long value(String name) {
        return values.getOrDefault(name, NONE);
    }

    QuotaFigures plus(long count, long bytes) {
        SortedMap<String, Long> sum = new TreeMap<>(values);
        sum.put(COUNT, count() + count);
        sum.put(BYTES, bytes() + bytes);
        return new QuotaFigures(sum);
    }

    byte[] text() {
        StringBuilder text = new StringBuilder();
        text.append(COUNT).append('=').append(count());
        text.append(',').append(BYTES).append('=').append(bytes());
        boolean first = true;
        for (Map.Entry<String, Long> each : values.entrySet()) {
            if (!each.getKey().equals(COUNT) && !each.getKey().equals(BYTES)) {
                text.append(first ? "=;" : ";")
                        .append(each.getKey())
                        .append('=')
                        .append(each.getValue());
                first = false;
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
