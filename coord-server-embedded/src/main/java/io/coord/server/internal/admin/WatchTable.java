package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who watches which path; what comes or goes while it is collected may be in it or not. Immutable.
 *
 * @param watches as many as were asked for at most, in no order, each once
 * @param omitted how many more there are
 */
record WatchTable(List<Watched> watches, int omitted) {
    /** A session has one watch on a path, of one kind or of several. */
    record Watched(String path, long sessionId) {}

    /** @throws Waiting.NoAnswerException when the owner thread does not answer */
    static WatchTable of(OwnerQuestions owner, ServerInspection inspection, int most) {
        Waiting.Excerpt<Watched> listed = Waiting.collect(owner, () -> inspection.watches(most), most);
        return new WatchTable(listed.entries().stream().distinct().toList(), listed.omitted());
    }

    SortedMap<String, List<Long>> byPath() {
        return grouped(Watched::path, Watched::sessionId);
    }

    SortedMap<Long, List<String>> bySession() {
        return grouped(Watched::sessionId, Watched::path);
    }

    private <K, V extends Comparable<V>> SortedMap<K, List<V>> grouped(
            Function<Watched, K> key, Function<Watched, V> value) {
        return watches.stream()
                .collect(Collectors.groupingBy(
                        key,
                        TreeMap::new,
                        Collectors.collectingAndThen(
                                Collectors.mapping(value, Collectors.toList()),
                                found -> found.stream().sorted().toList())));
    }
}
