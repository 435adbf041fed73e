package io.coord.server.internal.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's commands by all their names. What a command answers is a map: its own fields first, then {@code command} and {@code
 * error}. As in ZooKeeper an unknown command is an answer like any other. On the thread {@code coord-admin}.
 */
final class AdminCommands {
    /** What a command does; its parameters are those of the query. */
    @FunctionalInterface
    interface Body {
        Map<String, Object> run(Map<String, String> parameters);
    }

    private record Entry(String name, boolean needsServer, int status, Body body) {}

    /** @param fields values are texts, numbers, truth values, lists, maps, or null */
    record Answer(int status, Map<String, @Nullable Object> fields) {}

    private static final int OK = 200;
    private static final String COMMAND = "command";
    private static final String ERROR = "error";

    private final Map<String, Entry> byName = new HashMap<>();
    private final TreeSet<String> names = new TreeSet<>();

    /** A command that ZooKeeper refuses while it does not serve clients. */
    void add(List<String> allNames, Body body) {
        add(new Entry(allNames.get(0), true, OK, body), allNames);
    }

    /** A command that is answered in any case. */
    void addAlways(List<String> allNames, Body body) {
        add(new Entry(allNames.get(0), false, OK, body), allNames);
    }

    /** A command of ZooKeeper's that is not to be had here. */
    void addRefused(List<String> allNames, int status, String error) {
        add(new Entry(allNames.get(0), false, status, parameters -> Map.of(ERROR, error)), allNames);
    }

    private void add(Entry entry, List<String> allNames) {
        names.add(entry.name);
        for (String each : allNames) {
            if (byName.putIfAbsent(each, entry) != null) {
                throw new IllegalArgumentException("two commands of one name: " + each);
            }
        }
    }

    /** The first names of all commands, in the order of the alphabet. */
    List<String> names() {
        return new ArrayList<>(names);
    }

    boolean needsServer(String name) {
        Entry entry = byName.get(name);
        return entry != null && entry.needsServer;
    }

    /**
     * @param serving asked for only where {@link #needsServer}
     * @throws Waiting.NoAnswerException when the owner thread does not answer
     */
    Answer run(String name, Map<String, String> parameters, boolean serving) {
        Entry entry = byName.get(name);
        if (entry == null) {
            return failed(name, "Unknown command: " + name);
        }
        if (entry.needsServer && !serving) {
            return failed(name, ServerFigures.NOT_SERVING);
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(entry.body.run(parameters));
        fields.put(COMMAND, entry.name);
        fields.putIfAbsent(ERROR, null);
        return new Answer(entry.status, fields);
    }

    private static Answer failed(String name, String error) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(COMMAND, name);
        fields.put(ERROR, error);
        return new Answer(OK, fields);
    }
}
