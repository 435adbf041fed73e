package io.coord.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the znodes whose children stand in a queue. One thread. */
final class QueueFinder {
    /** Of locks, read-write locks and semaphores, in the names that Curator gave them. */
    static final Pattern LOCK = Pattern.compile("(lock-|__READ__|__WRIT__|lease-)[0-9]{10}$");
    /** Of elections by leader latches. */
    static final Pattern LATCH = Pattern.compile("latch-[0-9]{10}$");
    /** Of elections, and of mutexes, whose queues leader selectors use. */
    static final Pattern ELECTION = Pattern.compile("(latch|lock)-[0-9]{10}$");

    private final TreeReader reader;
    private final Pattern place;
    private final List<String> found = new ArrayList<>();

    QueueFinder(TreeReader reader, Pattern place) {
        this.reader = reader;
        this.place = place;
    }

    /** Queues at a path or below it, in the order of the tree; the server's own znodes are left out. */
    List<String> below(String path) throws InterruptedException {
        look(reader.read(path));
        return found;
    }

    private void look(TreeReader.Listing listing) throws InterruptedException {
        if (listing.names().stream().anyMatch(name -> place.matcher(name).find())) {
            found.add(listing.path());
            return;
        }
        List<String> children = listing.childPaths().stream()
                .filter(path -> !path.equals("/zookeeper"))
                .toList();
        reader.readEachReadable(children, this::look);
    }
}
