package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All znodes that one member shows, after a sync, with their stats and data. */
final class TreeCopy {
    /** Of the server itself, not of clients. */
    private static final List<String> LEFT_OUT = List.of("/zookeeper");

    private final Map<String, String> znodes = new TreeMap<>();

    static TreeCopy of(CoordClient client) {
        client.sync().forPath("/");
        TreeCopy copy = new TreeCopy();
        copy.add(client, "/");
        return copy;
    }

    private void add(CoordClient client, String path) {
        if (LEFT_OUT.contains(path)) {
            return;
        }
        StatHolder stat = new StatHolder();
        byte[] data = client.getData().storingStatIn(stat).forPath(path);
        znodes.put(path, stat.get() + " " + Arrays.hashCode(data));
        for (String child : client.getChildren().forPath(path)) {
            add(client, path.equals("/") ? path + child : path + "/" + child);
        }
    }

    List<String> differences(TreeCopy other) {
        List<String> differences = new ArrayList<>();
        znodes.forEach((path, here) -> {
            String there = other.znodes.get(path);
            if (!here.equals(there)) {
                differences.add(path + ": " + here + ", " + there);
            }
        });
        other.znodes.keySet().stream()
                .filter(path -> !znodes.containsKey(path))
                .forEach(path -> differences.add(path + " is on one of them only"));
        return differences;
    }
}
