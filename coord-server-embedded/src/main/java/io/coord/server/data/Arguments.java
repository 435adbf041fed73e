package io.coord.server.data;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words of a command line: places, options with a value, options without. Options may stand anywhere. */
final class Arguments {
    private final List<String> places = new ArrayList<>();
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();

    /**
     * @param withValue options that a value follows, behind a blank or {@code =}
     * @param withoutValue the other options
     * @throws UsageException when there is any other, or too few or too many places
     */
    static Arguments parse(
            List<String> words, int fewestPlaces, int mostPlaces, Set<String> withValue, Set<String> withoutValue) {
        Arguments parsed = new Arguments();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                parsed.places.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            if (withoutValue.contains(option) && equals < 0) {
                parsed.flags.add(option);
            } else if (withValue.contains(option) && (equals >= 0 || i + 1 < words.size())) {
                parsed.values.put(option, equals >= 0 ? word.substring(equals + 1) : words.get(++i));
            } else {
                throw new UsageException(
                        withValue.contains(option) ? option + " needs a value" : "There is no option " + word);
            }
        }
        if (parsed.places.size() < fewestPlaces || parsed.places.size() > mostPlaces) {
            throw new UsageException(
                    parsed.places.size() < fewestPlaces
                            ? "Something is missing"
                            : "There is too much: " + parsed.places);
        }
        return parsed;
    }

    Path path(int place) {
        return Path.of(places.get(place));
    }

    boolean flag(String option) {
        return flags.contains(option);
    }

    @Nullable
    Path pathOf(String option) {
        @Nullable String value = values.get(option);
        return value == null ? null : Path.of(value);
    }

    String text(String option, String otherwise) {
        return values.getOrDefault(option, otherwise);
    }

    /** A session's id or a zxid: hexadecimal behind {@code 0x}, else decimal. */
    long number(String option, long otherwise) {
        @Nullable String value = values.get(option);
        if (value == null) {
            return otherwise;
        }
        try {
            return value.startsWith("0x") ? Long.parseUnsignedLong(value.substring(2), 16) : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UsageException(option + " is " + value + ", which is no number; hexadecimal ones begin with 0x");
        }
    }

    /** A moment in milliseconds: ISO 8601 in UTC, or milliseconds since 1970. */
    long time(String option, long otherwise) {
        @Nullable String value = values.get(option);
        if (value == null) {
            return otherwise;
        }
        try {
            return value.matches("\\d+")
                    ? Long.parseLong(value)
                    : Instant.parse(value).toEpochMilli();
        } catch (DateTimeException | NumberFormatException e) {
            throw new UsageException(option + " is " + value + "; write it as 2026-11-22T20:15:00Z");
        }
    }
}
