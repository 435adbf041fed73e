package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.ZnodePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the znodes below a root whose children stand in a queue. */
final class QueuePaths {

    /** Of locks, read-write locks and semaphores, in the names that Curator gave them. */
    static final Pattern LOCK = Pattern.compile("(lock-|__READ__|__WRIT__|lease-)[0-9]{10}$");

    /** Of elections. */
    static final Pattern LATCH = Pattern.compile("latch-[0-9]{10}$");

    /** A look at the queues is for people, and reads one znode after the other. */
    static final int MOST_READS = 2_000;

    private QueuePaths() {}

    /**
     * The queues.
     *
     * @param complete false when there are more znodes below the root than are looked at
     */
    record Found(List<String> paths, boolean complete) {}

    /** @throws io.coord.client.error.CoordException when the servers do not tell */
    static Found below(CoordClient client, String root, Pattern place) {
        List<String> found = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>(List.of(root));
        int reads = 0;
        while (!open.isEmpty() && reads < MOST_READS) {
            String path = open.removeFirst();
            List<String> children = children(client, path);
            reads++;
            if (children.stream().anyMatch(name -> place.matcher(name).find())) {
                found.add(path);
            } else {
                children.forEach(name -> open.addLast(ZnodePath.child(path, name)));
            }
        }
        Collections.sort(found);
        return new Found(found, open.isEmpty());
    }

    private static List<String> children(CoordClient client, String path) {
        try {
            return client.getChildren().forPath(path);
        } catch (NoNodeException e) {
            return List.of();
        }
    }
}
