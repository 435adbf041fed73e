package io.coord.verification.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What to run, how long and how thoroughly.
 *
 * @param full all rows; otherwise those of the three-minute form, and those asked for by name
 * @param rounds of each row, on both contestants
 * @param warmUp before a contestant's first round of a kind of load
 * @param measured in a round
 * @param limit after which no further row starts
 * @param write whether {@code docs/BENCHMARKS.md} takes over the figures
 * @param document that would take them
 * @param directory where the servers keep their logs; a real disk, or fsync means nothing
 * @param selected suites and rows, as {@code server} or {@code server:setData}; empty for all
 */
record BenchmarkOptions(
        boolean full,
        int rounds,
        Duration warmUp,
        Duration measured,
        Duration limit,
        boolean write,
        Path document,
        Path directory,
        List<String> selected) {
    private static final String FULL = "full";
    private static final String QUICK = "quick";
    private static final Path DIRECTORY = Path.of("target", "bench");

    static BenchmarkOptions of(String[] arguments) throws IOException {
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            words.addAll(List.of(argument.strip().split("[\\s,]+")));
        }
        boolean full = words.remove(FULL);
        while (words.remove(QUICK) || words.remove("")) {
            // "quick" is what goes without saying.
        }
        return new BenchmarkOptions(
                full,
                (int) number("bench.rounds", full ? 5 : 3),
                seconds("bench.warmup", full ? 2.5 : 2),
                seconds("bench.seconds", full ? 0.9 : 1),
                seconds("bench.limit", 870),
                Boolean.getBoolean("bench.write"),
                Path.of(System.getProperty("bench.document", "../docs/BENCHMARKS.md")),
                Files.createDirectories(DIRECTORY),
                List.copyOf(words));
    }

    private static double number(String property, double normally) {
        @Nullable String text = System.getProperty(property);
        return text == null || text.isBlank() ? normally : Double.parseDouble(text);
    }

    private static Duration seconds(String property, double normally) {
        return Duration.ofMillis((long) (1000 * number(property, normally)));
    }

    static int count(String property, int normally) {
        return (int) number(property, normally);
    }

    /** Whether each suite that runs does so with all its rows. */
    boolean isWhole() {
        return full && selected.stream().noneMatch(each -> each.contains(":"));
    }

    boolean runsSuite(String suite) {
        return selected.isEmpty()
                || selected.stream().anyMatch(each -> suiteOf(each).equals(suite));
    }

    /** What stands behind the colon in the selectors of a suite. */
    List<String> patterns(String suite) {
        return selected.stream()
                .filter(each -> each.startsWith(suite + ":"))
                .map(each -> each.substring(suite.length() + 1))
                .toList();
    }

    /** For rows that belong to no form. */
    boolean asksForRow(String suite, String row) {
        return patterns(suite).stream().anyMatch(each -> begins(plain(row), plain(each)));
    }

    /** @param quick whether the row belongs to the three-minute form */
    boolean runsRow(String suite, String row, boolean quick) {
        return patterns(suite).isEmpty() ? runsSuite(suite) && (full || quick) : asksForRow(suite, row);
    }

    /** "c1 w1" is not the beginning of "c1 w100". */
    private static boolean begins(String row, String selector) {
        return row.startsWith(selector)
                && (row.length() == selector.length()
                        || !Character.isDigit(row.charAt(selector.length()))
                        || !Character.isDigit(selector.charAt(selector.length() - 1)));
    }

    private static String suiteOf(String selector) {
        return selector.split(":", 2)[0];
    }

    /** "setData c10 w100" is also "setData-c10w100". */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
