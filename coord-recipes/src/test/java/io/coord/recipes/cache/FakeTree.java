package io.coord.recipes.cache;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A tree on a server, in memory, and a cache of it. Reads and events wait in one line until the test lets them through.
 */
final class FakeTree implements CachePort {
    private final TreeMap<String, CachedNode> nodes = new TreeMap<>();
    private final Deque<Runnable> line = new ArrayDeque<>();
    private long zxid = 100;
    private boolean watched;
    boolean eventsTellTheirZxid = true;
    boolean failReads;
    boolean forbidReads;

    final ConcurrentNavigableMap<String, CachedNode> copy = new ConcurrentSkipListMap<>();
    final List<String> told = new ArrayList<>();
    final List<String> reads = new ArrayList<>();
    int mostReadsAtOnce;
    private int readsAtOnce;
    final CacheCore core;

    FakeTree(String root, boolean recursive, int maxConcurrentReads) {
        this.core = new CacheCore(root, recursive, maxConcurrentReads, copy, this);
    }

    FakeTree(String root) {
        this(root, true, 4);
    }

    // ---- the server

    FakeTree create(String path, String data) {
        zxid++;
        nodes.put(path, node(path, data, new Stat(zxid, zxid, 0, 0, 0, 0, 0, 0, data.length(), 0, zxid)));
        touchParent(path);
        event(EventType.NODE_CREATED, path);
        return this;
    }

    void createInOneTransaction(String... paths) {
        zxid++;
        for (String path : paths) {
            nodes.put(path, node(path, "", new Stat(zxid, zxid, 0, 0, 0, 0, 0, 0, 0, 0, zxid)));
            touchParent(path);
        }
        for (String path : paths) {
            event(EventType.NODE_CREATED, path);
        }
    }

    /** The connection breaks before it arrives. */
    void dropLastEvent() {
        line.removeLast();
    }

    FakeTree set(String path, String data) {
        zxid++;
        Stat stat = nodes.get(path).stat();
        nodes.put(
                path,
                node(
                        path,
                        data,
                        new Stat(
                                stat.czxid(),
                                zxid,
                                0,
                                0,
                                stat.version() + 1,
                                stat.cversion(),
                                0,
                                0,
                                data.length(),
                                stat.numChildren(),
                                stat.pzxid())));
        event(EventType.NODE_DATA_CHANGED, path);
        return this;
    }

    FakeTree delete(String path) {
        zxid++;
        nodes.remove(path);
        touchParent(path);
        event(EventType.NODE_DELETED, path);
        return this;
    }

    private static CachedNode node(String path, String data, Stat stat) {
        return new CachedNode(path, stat, data.getBytes(StandardCharsets.UTF_8));
    }

    private void touchParent(String path) {
        CachedNode parent = path.equals("/") ? null : nodes.get(ZnodePath.parent(path));
        if (parent != null) {
            Stat s = parent.stat();
            nodes.put(
                    parent.path(),
                    parent.withStat(new Stat(
                            s.czxid(),
                            s.mzxid(),
                            0,
                            0,
                            s.version(),
                            s.cversion() + 1,
                            0,
                            0,
                            s.dataLength(),
                            children(parent.path()).size(),
                            zxid)));
        }
    }

    private List<String> children(String path) {
        return nodes.keySet().stream()
                .filter(other -> !other.equals(path) && ZnodePath.parent(other).equals(path))
                .map(ZnodePath::name)
                .toList();
    }

    private void event(EventType type, String path) {
        if (watched) {
            long told = eventsTellTheirZxid ? zxid : -1;
            line.add(() -> core.event(type, path, told));
        }
    }

    // ---- the connection

    FakeTree connect() {
        watched = true;
        core.connected();
        return this;
    }

    FakeTree disconnect() {
        watched = false;
        core.disconnected();
        return this;
    }

    FakeTree settle() {
        while (!line.isEmpty()) {
            line.remove().run();
        }
        return this;
    }

    boolean stepIfAny() {
        if (line.isEmpty()) {
            return false;
        }
        line.remove().run();
        return true;
    }

    void oneStep() {
        line.remove().run();
    }

    /** The events and answers that wait come in the wrong order. */
    void swapNextTwo() {
        Runnable first = line.remove();
        Runnable second = line.remove();
        line.addFirst(first);
        line.addFirst(second);
    }

    List<String> takeTold() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    List<String> takeReads() {
        List<String> all = List.copyOf(reads);
        reads.clear();
        return all;
    }

    // ---- the port

    private interface Answer {
        void give(CachedNode node);
    }

    private void read(String kind, String path, long epoch, Answer answer) {
        reads.add(kind + " " + path);
        readsAtOnce++;
        mostReadsAtOnce = Math.max(mostReadsAtOnce, readsAtOnce);
        line.add(() -> {
            CachedNode found = nodes.get(path);
            boolean fails = failReads;
            boolean forbidden = forbidReads;
            line.add(() -> {
                readsAtOnce--;
                if (fails || forbidden) {
                    core.readFailed(path, forbidden, epoch);
                } else if (found == null) {
                    core.missing(path, epoch);
                } else {
                    answer.give(found);
                }
            });
        });
    }

    @Override
    public void readData(String path, long epoch) {
        read("data", path, epoch, node -> core.dataRead(path, node.stat(), node.data(), epoch));
    }

    @Override
    public void readStat(String path, long epoch) {
        read("stat", path, epoch, node -> core.statRead(path, node.stat(), epoch));
    }

    @Override
    public void readChildren(String path, long epoch) {
        reads.add("children " + path);
        readsAtOnce++;
        line.add(() -> {
            CachedNode found = nodes.get(path);
            List<String> names = children(path);
            line.add(() -> {
                readsAtOnce--;
                if (found == null) {
                    core.missing(path, epoch);
                } else {
                    core.childrenRead(path, names, found.stat(), epoch);
                }
            });
        });
    }

    @Override
    public void retryLater(long epoch) {
        told.add("retry later");
        line.add(() -> core.retry(epoch));
    }

    @Override
    public void onCreated(CachedNode node) {
        assertInCopy(node);
        told.add("created " + node.path() + "=" + node.text());
    }

    @Override
    public void onChanged(CachedNode before, CachedNode after) {
        assertInCopy(after);
        told.add("changed " + after.path() + " " + before.text() + "->" + after.text());
    }

    @Override
    public void onDeleted(CachedNode node) {
        CachedNode shown = copy.get(node.path());
        if (shown != null && shown.stat().czxid() == node.stat().czxid()) {
            throw new AssertionError("told of a deletion that the copy does not show");
        }
        told.add("deleted " + node.path() + "=" + node.text());
    }

    private void assertInCopy(CachedNode node) {
        if (!node.equals(copy.get(node.path()))) {
            throw new AssertionError("told of what the copy does not show");
        }
    }

    @Override
    public void onInitialized() {
        told.add("initialized");
    }

    @Override
    public void onResynced() {
        told.add("resynced");
    }

    /** What is there, as text that shows each incarnation and each version. */
    String onTheServer(String root) {
        TreeMap<String, CachedNode> below = new TreeMap<>(nodes);
        below.keySet().removeIf(path -> !ZnodePath.isSameOrBelow(path, root));
        return describe(below);
    }

    String inTheCopy() {
        return describe(copy);
    }

    private static String describe(Map<String, CachedNode> all) {
        StringBuilder text = new StringBuilder();
        all.forEach((path, node) -> text.append(path)
                .append('=')
                .append(node.text())
                .append('@')
                .append(node.stat().czxid())
                .append('/')
                .append(node.stat().mzxid())
                .append(' '));
        return text.toString();
    }
}
