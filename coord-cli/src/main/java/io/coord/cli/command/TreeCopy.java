package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.watch.Watch;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.ZnodePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one tree what another one is, while both are in use. A watch on the source collects what changes meanwhile; when the whole tree
 * was gone through, those paths are looked at again, until none is left. Each znode is compared before it is written: whoever starts a copy
 * again writes only what is still missing. The shell's thread; the watch on a callback thread.
 */
final class TreeCopy {
    /** Znodes that are on their way at once. */
    private static final int WINDOW = 400;
    /** So often the changed ones are gone through before the rest is left to verification. */
    private static final int ROUNDS = 1_000;

    /** Told after each window. */
    interface Progress {
        void onProgress(TreeCopy copy);
    }

    private final CoordClient source;
    private final CoordClient target;
    private final String from;
    private final String to;
    private final boolean deleting;
    private final Function<String, CreateMode> modes;
    private final TreeReader sourceReader;
    private final TreeReader targetReader;
    private final Progress progress;
    private final SerialExecutor events;
    private final LinkedBlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private volatile boolean away;
    private long seen;
    private long created;
    private long overwritten;
    private long deleted;
    private long verified;

    /**
     * @param deleting whether what the source does not have is removed from the target
     * @param modes of znodes that are made, by their paths in the target
     */
    TreeCopy(
            Shell shell,
            CoordClient source,
            CoordClient target,
            String from,
            String to,
            boolean deleting,
            Function<String, CreateMode> modes,
            Progress progress) {
        this.source = source;
        this.target = target;
        this.from = from;
        this.to = to;
        this.deleting = deleting;
        this.modes = modes;
        this.progress = progress;
        this.events = source.callbackExecutor();
        this.sourceReader = new TreeReader(shell, source, false);
        this.targetReader = new TreeReader(shell, target, false);
    }

    long seen() {
        return seen;
    }

    long created() {
        return created;
    }

    long overwritten() {
        return overwritten;
    }

    long deleted() {
        return deleted;
    }

    /** @throws NoNodeException when there is nothing to copy */
    void run() throws InterruptedException {
        Registration session = source.addSessionListener(this::onSession);
        try (Watch watch = source.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher(event -> changed.add(event.path()), events)
                .forPath(from)) {
            sourceReader.read(watch.path());
            do {
                away = false;
                copyBelow(from);
                for (int round = 0; round < ROUNDS && catchUp(); round++) {
                    progress.onProgress(this);
                }
            } while (away);
        } finally {
            session.close();
        }
    }

    /** What changes while the connection is away, a watch does not tell: then the tree has to be gone through again. */
    private void onSession(SessionEvent event) {
        if (event.type() == SessionEvent.Type.RECONNECTED) {
            away = true;
        }
    }

    private void copyBelow(String root) throws InterruptedException {
        Deque<String> waiting = new ArrayDeque<>();
        waiting.add(root);
        while (!waiting.isEmpty()) {
            List<String> window = new ArrayList<>(WINDOW);
            while (!waiting.isEmpty() && window.size() < WINDOW) {
                window.add(waiting.remove());
            }
            copy(window);
            sourceReader.readEach(window, listing -> {
                if (deleting) {
                    deleteOthers(listing);
                }
                listing.childPaths().stream().filter(TreeCopy::isWanted).forEach(waiting::add);
            });
            progress.onProgress(this);
        }
    }

    /** Whether there was anything to do. */
    private boolean catchUp() throws InterruptedException {
        awaitEvents();
        Set<String> paths = new LinkedHashSet<>();
        changed.drainTo(paths);
        paths.removeIf(path -> !isWanted(path));
        if (paths.isEmpty()) {
            return false;
        }
        // Parents first. A list of children is looked at by the events of the children themselves.
        List<String> sorted = paths.stream().sorted().toList();
        for (int at = 0; at < sorted.size(); at += WINDOW) {
            copy(sorted.subList(at, Math.min(sorted.size(), at + WINDOW)));
        }
        if (deleting) {
            for (String path : sorted) {
                if (source.checkExists().forPath(path) == null) {
                    delete(targetPath(path));
                }
            }
        }
        return true;
    }

    /** Of all that has changed by now: they come before the answer to a sync, and are told in their order. */
    private void awaitEvents() throws InterruptedException {
        source.sync().forPath(from);
        CountDownLatch told = new CountDownLatch(1);
        events.execute(told::countDown);
        told.await();
    }

    private static boolean isWanted(String path) {
        return !ZnodePath.isSameOrBelow(path, "/zookeeper");
    }

    private void copy(List<String> paths) throws InterruptedException {
        List<CompletionStage<@Nullable NodeCopy>> originals = new ArrayList<>(paths.size());
        List<CompletionStage<@Nullable NodeCopy>> copies = new ArrayList<>(paths.size());
        for (String path : paths) {
            originals.add(NodeCopy.read(source, path));
            copies.add(NodeCopy.read(target, targetPath(path)));
        }
        List<@Nullable NodeCopy> read = NodeCopy.awaitAll(originals);
        List<@Nullable NodeCopy> present = NodeCopy.awaitAll(copies);
        List<String> written = new ArrayList<>();
        List<CompletionStage<NodeCopy.Outcome>> writes = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            NodeCopy node = read.get(i);
            String path = paths.get(i);
            seen++;
            if (node == null) {
                continue;
            }
            if (path.equals("/")) {
                // The root is everybody's; only its data could be meant.
                node = new NodeCopy(path, node.data(), rootAcl(present.get(i), node));
            }
            String place = targetPath(path);
            written.add(path);
            writes.add(node.at(place).writeTo(target, modes.apply(place), present.get(i)));
        }
        count(written, NodeCopy.awaitAll(writes));
    }

    private static List<Acl> rootAcl(@Nullable NodeCopy present, NodeCopy node) {
        return present == null ? node.acl() : present.acl();
    }

    private void count(List<String> paths, List<NodeCopy.Outcome> outcomes) {
        for (int i = 0; i < paths.size(); i++) {
            switch (outcomes.get(i)) {
                case CREATED -> created++;
                case CHANGED -> overwritten++;
                case EQUAL -> {}
                case MISSED -> {
                    // Its parent came after it was looked at, or went: the next round looks again.
                    String parent = ZnodePath.parent(paths.get(i));
                    if (ZnodePath.isSameOrBelow(parent, from)) {
                        changed.add(parent);
                    }
                    changed.add(paths.get(i));
                }
            }
        }
    }

    private void deleteOthers(TreeReader.Listing listing) throws InterruptedException {
        TreeReader.Listing there;
        try {
            there = targetReader.read(targetPath(listing.path()));
        } catch (NoNodeException e) {
            return;
        }
        Set<String> wanted = new HashSet<>(listing.names());
        for (String child : there.childPaths()) {
            if (isWanted(child) && !wanted.contains(ZnodePath.name(child))) {
                delete(child);
            }
        }
    }

    private void delete(String path) {
        if (target.checkExists().forPath(path) != null) {
            target.delete().quietly().deletingChildrenIfNeeded().forPath(path);
            deleted++;
        }
    }

    String targetPath(String path) {
        if (from.equals(to)) {
            return path;
        }
        String below = from.equals("/") ? path : path.substring(from.length());
        return to.equals("/") ? (below.isEmpty() ? "/" : below) : below.equals("/") ? to : to + below;
    }

    /** How the trees differ now, as paths of the source: at most so many. Those that change meanwhile are looked at again. */
    List<String> differences(int most) throws InterruptedException {
        Set<String> found = new LinkedHashSet<>();
        verified = 0;
        compareBelow(from, found, most);
        List<String> lasting = new ArrayList<>();
        for (String path : found) {
            // Written between the two reads, perhaps.
            copy(List.of(path));
            if (!isEqual(path)) {
                lasting.add(path);
            }
        }
        return lasting;
    }

    /** Znodes that were compared. */
    long verified() {
        return verified;
    }

    private void compareBelow(String root, Set<String> found, int most) throws InterruptedException {
        Deque<String> waiting = new ArrayDeque<>();
        waiting.add(root);
        while (!waiting.isEmpty() && found.size() < most) {
            List<String> window = new ArrayList<>(WINDOW);
            while (!waiting.isEmpty() && window.size() < WINDOW) {
                window.add(waiting.remove());
            }
            List<CompletionStage<@Nullable NodeCopy>> originals = new ArrayList<>();
            List<CompletionStage<@Nullable NodeCopy>> copies = new ArrayList<>();
            for (String path : window) {
                originals.add(NodeCopy.read(source, path));
                copies.add(NodeCopy.read(target, targetPath(path)));
            }
            List<@Nullable NodeCopy> read = NodeCopy.awaitAll(originals);
            List<@Nullable NodeCopy> present = NodeCopy.awaitAll(copies);
            for (int i = 0; i < window.size(); i++) {
                NodeCopy node = read.get(i);
                if (node != null) {
                    verified++;
                    if (!isSame(node, present.get(i))) {
                        found.add(window.get(i));
                    }
                }
            }
            sourceReader.readEach(
                    window,
                    listing -> listing.childPaths().stream()
                            .filter(TreeCopy::isWanted)
                            .forEach(waiting::add));
            progress.onProgress(this);
        }
    }

    private boolean isEqual(String path) throws InterruptedException {
        NodeCopy node = TreeReader.await(NodeCopy.read(source, path));
        return node == null || isSame(node, TreeReader.await(NodeCopy.read(target, targetPath(path))));
    }

    private static boolean isSame(NodeCopy node, @Nullable NodeCopy copy) {
        return node.path().equals("/") ? copy != null : node.isSameAs(copy);
    }
}
