package io.coord.server.internal.admin;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who watches which path, at one moment. Immutable.
 *
 * @param watches as many as were asked for at most, in no order
 * @param omitted how many more there are
 */
record WatchTable(List<Watched> watches, int omitted) {
    record Watched(String path, long sessionId) {}

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
