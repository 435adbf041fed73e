package io.coord.recipes.cache;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
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
    boolean knowsBatches = true;
    /** Of all nodes in a response; children count 10 bytes each. */
    int maxResponseBytes = Integer.MAX_VALUE;
    /** A server that lets changes come between the reads of one request. */
    boolean tearsBatches;

    final ConcurrentNavigableMap<String, CachedNode> copy = new ConcurrentSkipListMap<>();
    final List<String> told = new ArrayList<>();
    final List<String> reads = new ArrayList<>();
    int requests;
    int mostRequestsAtOnce;
    private int requestsAtOnce;
    final CacheCore core;

    FakeTree(CacheScope scope, int maxConcurrentReads) {
        this.core = new CacheCore(scope, maxConcurrentReads, copy, this);
    }

    FakeTree(String root) {
        this(CacheScope.wholeTree(root), 4);
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

    @Override
    public void read(List<CacheRead> asked, long epoch) {
        requests++;
        requestsAtOnce++;
        mostRequestsAtOnce = Math.max(mostRequestsAtOnce, requestsAtOnce);
        asked.forEach(read -> reads.add(read.kind().name().toLowerCase(Locale.ROOT) + " " + read.path()));
        List<Runnable> answers = new ArrayList<>();
        int[] bytes = {0};
        Runnable arrival = () -> {
            requestsAtOnce--;
            if (asked.size() > 1 && !knowsBatches) {
                core.batchesUnsupported(asked, epoch);
            } else if (asked.size() > 1 && bytes[0] > maxResponseBytes) {
                core.tooLong(asked, epoch);
            } else {
                answers.forEach(Runnable::run);
                core.requestDone(epoch);
            }
        };
        if (tearsBatches) {
            asked.forEach(read -> line.add(() -> answers.add(answer(read, asked.size() > 1, epoch, bytes))));
            line.add(() -> line.add(arrival));
        } else {
            line.add(() -> {
                asked.forEach(read -> answers.add(answer(read, asked.size() > 1, epoch, bytes)));
                line.add(arrival);
            });
        }
    }

    /** What the server says now, to be told later. */
    private Runnable answer(CacheRead read, boolean inBatch, long epoch, int[] bytes) {
        String path = read.path();
        CachedNode found = nodes.get(path);
        if (failReads || forbidReads) {
            boolean permanent = forbidReads;
            return () -> core.readFailed(path, permanent, epoch);
        }
        if (found == null) {
            return () -> core.missing(path, epoch);
        }
        return switch (read.kind()) {
            case DATA -> {
                bytes[0] += found.data().length;
                yield () -> core.dataRead(path, found.stat(), found.data(), epoch);
            }
            case STAT -> () -> core.statRead(path, found.stat(), epoch);
            case CHILDREN -> {
                List<String> names = children(path);
                bytes[0] += names.size() * 10;
                long pzxid = inBatch ? -1 : found.stat().pzxid();
                yield () -> core.childrenRead(path, names, pzxid, epoch);
            }
        };
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

    @Override
    public void onLimitReached() {
        told.add("limit reached");
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
