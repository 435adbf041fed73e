package io.coord.cli.command;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A quota's numbers in the text that servers keep them in: {@code count=4,bytes=5=;byteHardLimit=6;countHardLimit=7}. */
final class QuotaText {
    static final String COUNT = "count";
    static final String BYTES = "bytes";
    static final String COUNT_HARD_LIMIT = "countHardLimit";
    static final String BYTE_HARD_LIMIT = "byteHardLimit";

    private final Map<String, Long> numbers = new TreeMap<>();

    private QuotaText() {}

    static QuotaText none() {
        return new QuotaText();
    }

    static QuotaText parse(byte[] data) {
        QuotaText parsed = new QuotaText();
        for (String each : new String(data, StandardCharsets.UTF_8).split("[,;]+", 0)) {
            String[] pair = each.split("=", 0);
            if (pair.length >= 2) {
                try {
                    parsed.numbers.put(pair[0], Long.parseLong(pair[1]));
                } catch (NumberFormatException e) {
                    throw CommandFailedException.refused("The quota's znode holds no quota: " + each);
                }
            }
        }
        return parsed;
    }

    /** -1 for none. */
    long number(String name) {
        return numbers.getOrDefault(name, -1L);
    }

    void set(String name, long value) {
        numbers.put(name, value);
    }

    Map<String, Long> numbers() {
        return numbers;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(COUNT).append('=').append(number(COUNT));
        text.append(',').append(BYTES).append('=').append(number(BYTES));
        String separator = "=;";
        for (Map.Entry<String, Long> each : numbers.entrySet()) {
            if (!each.getKey().equals(COUNT) && !each.getKey().equals(BYTES)) {
                text.append(separator).append(each.getKey()).append('=').append(each.getValue());
                separator = ";";
            }
        }
        return text.toString();
    }

    byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }
}
