package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

abstract class CoordCacheContract extends RecipeContract {
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a cache told, in order. */
    private static List<String> log(CoordCache cache) {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        cache.addListener(CacheListener.builder()
                .forCreates(node -> log.add("created " + node.path() + "=" + node.text()))
                .forChanges((before, after) ->
                        log.add("changed " + after.path() + " " + before.text() + "->" + after.text()))
                .forDeletes(node -> log.add("deleted " + node.path() + "=" + node.text()))
                .forInitialized(() -> log.add("initialized"))
                .forResynced(() -> log.add("resynced"))
                .build());
        return log;
    }

    private static void awaitLog(List<String> log, String last) {
        soon().until(() -> log.contains(last));
    }

    /** Scene 8 of the tutorial: on each change the old and the new node are printed as JSON. */
    @Test
    void printsTheOldAndTheNewNodeAsJson() {
        String path = place("scene");
        CoordClient client = client();
        client.create().forPath(path, bytes("one"));
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        CoordCache cache = closing(CoordCache.builder(client, path).singleNode().build());
        cache.addListener(CacheListener.builder()
                .forAll((type, before, after) -> printed.add(type + " " + (before == null ? "null" : before.toJson())
                        + " " + (after == null ? "null" : after.toJson())))
                .build());
        cache.start();
        cache.awaitInitialized(SOON);
        client.setData().forPath(path, bytes("{\"two\": \"\u00e9\"}"));
        soon().until(() -> printed.size() == 2);
        client.setData().forPath(path, new byte[] {(byte) 0xff, 0});
        soon().until(() -> printed.size() == 3);
        client.delete().forPath(path);
        soon().until(() -> printed.size() == 4);

        assertThat(printed.get(0)).startsWith("NODE_CREATED null {\"path\":\"" + path + "\",\"stat\":{\"czxid\":");
        String changed = printed.get(1).substring("NODE_CHANGED ".length());
        int end = changed.indexOf("} {\"path\"") + 1;
        JsonNode before = JsonMapper.shared().readTree(changed.substring(0, end));
        JsonNode after = JsonMapper.shared().readTree(changed.substring(end));
        assertThat(before.get("data").asString()).isEqualTo("one");
        assertThat(after.get("data").asString()).isEqualTo("{\"two\": \"\u00e9\"}");
        assertThat(after.get("stat").propertyNames())
                .containsExactly(
                        "czxid",
                        "mzxid",
                        "ctime",
                        "mtime",
                        "version",
                        "cversion",
                        "aversion",
                        "ephemeralOwner",
                        "dataLength",
                        "numChildren",
                        "pzxid");
        assertThat(after.get("stat").get("version").asInt()).isEqualTo(1);
        assertThat(after.get("stat").get("czxid")).isEqualTo(before.get("stat").get("czxid"));
        assertThat(after.get("stat").get("mzxid").asLong())
                .isGreaterThan(before.get("stat").get("mzxid").asLong());
        assertThat(printed.get(2)).startsWith("NODE_CHANGED ").endsWith("\"dataBase64\":\"/wA=\"}");
        assertThat(printed.get(3)).startsWith("NODE_DELETED ").endsWith(" null");
    }

    @Test
    void followsATree() {
        String root = place("tree");
        CoordClient client = client();
        client.create().creatingParentsIfNeeded().forPath(root + "/a/b", bytes("1"));
        CoordCache cache = closing(CoordCache.builder(client(), root).build());
        List<String> log = log(cache);
        cache.start();
        awaitLog(log, "initialized");
        assertThat(log).hasSize(4).contains("created " + root + "/a/b=1").endsWith("initialized");
        assertThat(cache.get(root + "/a/b").orElseThrow().text()).isEqualTo("1");
        assertThat(cache.children(root)).containsOnlyKeys("a");
        assertThat(cache.isInSync()).isTrue();
        log.clear();

        client.create().forPath(root + "/a/c", bytes("2"));
        client.setData().forPath(root + "/a/b", bytes("3"));
        awaitLog(log, "changed " + root + "/a/b 1->3");
        client.delete().deletingChildrenIfNeeded().forPath(root + "/a");
        awaitLog(log, "deleted " + root + "/a=");
        assertThat(log)
                .contains("created " + root + "/a/c=2", "deleted " + root + "/a/b=3", "deleted " + root + "/a/c=2");
        assertThat(cache.nodes()).extracting(CachedNode::path).containsExactly(root);
    }

    @Test
    void waitsForANodeThatIsNotThereYetAndFollowsItsReturn() {
        String path = place("later");
        CoordClient client = client();
        CoordCache cache =
                closing(CoordCache.builder(client(), path).singleNode().build());
        List<String> log = log(cache);
        cache.start();
        assertThat(cache.awaitInitialized(SOON)).isTrue();
        assertThat(cache.get()).isEmpty();
        client.create().forPath(path, bytes("1"));
        awaitLog(log, "created " + path + "=1");
        client.delete().forPath(path);
        awaitLog(log, "deleted " + path + "=1");
        client.create().forPath(path, bytes("2"));
        awaitLog(log, "created " + path + "=2");
    }

    @Test
    void showsAtLeastWhatItsListenersWereTold() {
        String path = place("order");
        CoordClient client = client();
        client.create().forPath(path, bytes("0"));
        CoordCache cache = closing(CoordCache.builder(client(), path).build());
        List<String> violations = Collections.synchronizedList(new ArrayList<>());
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        cache.addListener(CacheListener.builder()
                .forCreatesAndChanges((before, after) -> {
                    long shown = cache.get().orElseThrow().stat().mzxid();
                    if (shown < after.stat().mzxid()) {
                        violations.add("told " + after.stat().mzxid() + ", shown " + shown);
                    }
                    told.add(after.text());
                })
                .build());
        cache.start();
        for (int i = 1; i <= 200; i++) {
            client.setData().forPathAsync(path, bytes(String.valueOf(i)));
        }

        soon().until(() -> told.contains("200"));
        assertThat(violations).isEmpty();
        assertThat(told.stream().map(Integer::valueOf)).isSorted();
    }

    @Test
    void afterACutItTellsWhatItMissedAndThatItIsComplete() {
        String root = place("cut");
        CoordClient client = client();
        client.create().creatingParentsIfNeeded().forPath(root + "/same", bytes("1"));
        client.create().forPath(root + "/again", bytes("1"));
        client.create().forPath(root + "/changed", bytes("1"));
        client.create().forPath(root + "/gone", bytes("1"));
        FaultProxy proxy = proxy();
        CoordCache cache =
                closing(CoordCache.builder(client(proxy, LONG_SESSION), root).build());
        List<String> log = log(cache);
        cache.start();
        awaitLog(log, "initialized");
        log.clear();
        unplug(proxy);
        soon().until(() -> !cache.isInSync());
        assertThat(cache.size()).isEqualTo(5);
        client.delete().forPath(root + "/again");
        client.create().forPath(root + "/again", bytes("1"));
        client.setData().forPath(root + "/changed", bytes("2"));
        client.delete().forPath(root + "/gone");
        client.create().forPath(root + "/new", bytes("1"));
        proxy.resume();
        awaitLog(log, "resynced");

        assertThat(log)
                .containsExactlyInAnyOrder(
                        "deleted " + root + "/again=1",
                        "created " + root + "/again=1",
                        "changed " + root + "/changed 1->2",
                        "deleted " + root + "/gone=1",
                        "created " + root + "/new=1",
                        "resynced")
                .endsWith("resynced");
        client.setData().forPath(root + "/same", bytes("9"));
        awaitLog(log, "changed " + root + "/same 1->9");
    }

    @Test
    void goesOnInANewSession() {
        String path = place("session");
        CoordClient other = client();
        other.create().forPath(path, bytes("1"));
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        CoordCache cache = closing(CoordCache.builder(client, path).build());
        List<String> log = log(cache);
        cache.start();
        awaitLog(log, "initialized");
        unplug(proxy);
        soon().until(() -> client.state() == SessionState.LOST);
        other.setData().forPath(path, bytes("2"));
        proxy.resume();
        awaitLog(log, "resynced");
        other.setData().forPath(path, bytes("3"));
        awaitLog(log, "changed " + path + " 2->3");

        assertThat(log)
                .containsExactly(
                        "created " + path + "=1",
                        "initialized",
                        "changed " + path + " 1->2",
                        "resynced",
                        "changed " + path + " 2->3");
    }

    @Test
    void startsBeforeTheFirstConnection() {
        FaultProxy proxy = proxy();
        unplug(proxy);
        CoordCache cache = closing(
                CoordCache.builder(client(proxy, LONG_SESSION), place("lazy")).build());
        cache.start();
        assertThat(cache.awaitInitialized(Duration.ofMillis(100))).isFalse();
        proxy.resume();

        assertThat(cache.awaitInitialized(SOON)).isTrue();
    }

    @Test
    void closedCacheTellsNothingAndLeavesNoWatch() {
        String path = place("closed");
        CoordClient client = client();
        client.create().forPath(path, bytes("1"));
        CoordCache cache = CoordCache.builder(client, path).build();
        List<String> log = log(cache);
        cache.start();
        awaitLog(log, "initialized");
        get(cache.closeAsync().toCompletableFuture());
        assertThat(client.watchCount()).isZero();
        client.setData().forPath(path, bytes("2"));
        client.sync().forPath(path);

        assertThat(log).hasSize(2);
        assertThat(cache.get().orElseThrow().text()).isEqualTo("1");
    }

    @Test
    void withdrawnListenerIsNotTold() {
        String path = place("withdrawn");
        CoordClient client = client();
        CoordCache cache = closing(CoordCache.builder(client, path).build());
        List<String> all = log(cache);
        List<String> none = Collections.synchronizedList(new ArrayList<>());
        Registration registration = cache.addListener((type, before, after) -> none.add(type.name()));
        registration.close();
        cache.start();
        client.create().forPath(path);
        soon().until(() -> all.size() == 2);

        assertThat(none).isEmpty();
    }

    @Test
    void listenerAfterInitialisationIsSparedTheFirstFilling() {
        String path = place("after");
        CoordClient client = client();
        client.create().forPath(path, bytes("1"));
        CoordCache cache = closing(CoordCache.builder(client, path).build());
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        cache.addListener(CacheListener.builder()
                .forCreatesAndChanges((before, after) -> told.add(after.text()))
                .afterInitialized()
                .build());
        cache.start();
        cache.awaitInitialized(SOON);
        client.setData().forPath(path, bytes("2"));

        soon().until(() -> told.size() == 1);
        assertThat(told).containsExactly("2");
        List<String> late = Collections.synchronizedList(new ArrayList<>());
        cache.addListener(CacheListener.builder()
                .forCreatesAndChanges((before, after) -> late.add(after.text()))
                .afterInitialized()
                .build());
        client.setData().forPath(path, bytes("3"));
        soon().until(() -> late.contains("3"));
    }

    @Test
    void isEqualToTheServersAfterRandomChangesAndCuts() {
        String root = place("random");
        CoordClient client = client();
        client.create().forPath(root, bytes("0"));
        FaultProxy proxy = proxy();
        CoordCache cache =
                closing(CoordCache.builder(client(proxy, LONG_SESSION), root).build());
        cache.start();
        Random random = new Random(7);
        List<String> present = new ArrayList<>(List.of(root));
        for (int i = 0; i < 400; i++) {
            String path = present.get(random.nextInt(present.size()));
            int dice = random.nextInt(10);
            if (dice < 5) {
                String child = path + "/" + random.nextInt(5);
                if (!present.contains(child) && present.size() < 60) {
                    client.create().forPath(child, bytes(String.valueOf(i)));
                    present.add(child);
                }
            } else if (dice < 7) {
                client.setData().forPath(path, bytes(String.valueOf(i)));
            } else if (!path.equals(root) && present.stream().noneMatch(other -> other.startsWith(path + "/"))) {
                client.delete().forPath(path);
                present.remove(path);
            }
            if (i % 80 == 40) {
                proxy.cut();
            }
        }
        TreeMap<String, String> expected = new TreeMap<>();
        for (String path : present) {
            expected.put(path, new String(client.getData().forPath(path), StandardCharsets.UTF_8));
        }

        soon().untilAsserted(() -> {
            TreeMap<String, String> actual = new TreeMap<>();
            cache.nodes().forEach(node -> actual.put(node.path(), node.text()));
            assertThat(actual).isEqualTo(expected);
        });
    }

    /** Counts the requests that were answered. */
    private static final class RequestCount implements ClientMetrics {
        private final AtomicInteger requests = new AtomicInteger();

        @Override
        public void onRequestCompleted(CompletedRequest request) {
            requests.incrementAndGet();
        }
    }

    private static void createMany(CoordClient client, String root, int count, int dataBytes) {
        client.create().forPath(root);
        CompletableFuture<?>[] created = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            created[i] = client.create()
                    .forPathAsync(root + "/n" + i, new byte[dataBytes])
                    .toCompletableFuture();
        }
        get(CompletableFuture.allOf(created));
    }

    @Test
    void fillsItselfWithOneRequestForHundredsOfNodes() {
        String root = place("many");
        createMany(client(), root, 2_000, 100);
        RequestCount count = new RequestCount();
        CoordClient client = client(settings -> settings.metrics(count));
        CoordCache cache = closing(CoordCache.builder(client, root).build());
        cache.start();
        assertThat(cache.awaitInitialized(SOON)).isTrue();

        assertThat(cache.size()).isEqualTo(2_001);
        assertThat(cache.children(root)).hasSize(2_000);
        assertThat(count.requests.get()).isLessThan(30);
    }

    @Test
    void adaptsItselfToWhatAClientTakes() {
        String root = place("small");
        createMany(client(), root, 300, 900);
        CoordClient client = client(settings -> settings.maxResponseBytes(8_192));
        CoordCache cache = closing(CoordCache.builder(client, root).build());
        cache.start();
        assertThat(cache.awaitInitialized(SOON)).isTrue();

        assertThat(cache.size()).isEqualTo(301);
        assertThat(cache.nodes()).allMatch(CachedNode::hasData);
    }

    @Test
    void keepsToItsBounds() {
        String root = place("bounds");
        CoordClient client = client();
        client.create().creatingParentsIfNeeded().forPath(root + "/a/b/c", bytes("1"));
        client.create().creatingParentsIfNeeded().forPath(root + "/secret/b", bytes("1"));
        CoordCache cache = closing(CoordCache.builder(client, root)
                .maxDepth(2)
                .filter(path -> !path.endsWith("/secret"))
                .maxNodes(4)
                .build());
        List<String> log = log(cache);
        List<String> limits = Collections.synchronizedList(new ArrayList<>());
        cache.addListener(CacheListener.builder()
                .forLimitReached(() -> limits.add("limit"))
                .build());
        cache.start();
        awaitLog(log, "initialized");
        assertThat(cache.nodes()).extracting(CachedNode::path).containsExactly(root, root + "/a", root + "/a/b");
        client.create().forPath(root + "/d", bytes("2"));
        client.create().forPath(root + "/e", bytes("3"));
        soon().until(() -> !limits.isEmpty());
        assertThat(cache.isLimited()).isTrue();
        client.delete().deletingChildrenIfNeeded().forPath(root + "/a");
        awaitLog(log, "created " + root + "/e=3");
        soon().until(() -> !cache.isLimited());
    }

    @Test
    void leavesOutDataThatItIsNotToKeep() {
        String root = place("lean");
        CoordClient client = client();
        client.create().creatingParentsIfNeeded().forPath(root + "/short", bytes("1"));
        client.create().forPath(root + "/long", bytes("12345"));
        CoordCache none =
                closing(CoordCache.builder(client, root).withoutData().build()).start();
        CoordCache shortOnes = closing(
                        CoordCache.builder(client, root).maxNodeDataBytes(4).build())
                .start();
        assertThat(none.awaitInitialized(SOON)).isTrue();
        assertThat(shortOnes.awaitInitialized(SOON)).isTrue();

        assertThat(none.size()).isEqualTo(3);
        assertThat(none.get(root + "/short").orElseThrow().hasData()).isFalse();
        assertThat(none.get(root + "/long").orElseThrow().stat().dataLength()).isEqualTo(5);
        assertThat(shortOnes.get(root + "/short").orElseThrow().text()).isEqualTo("1");
        assertThat(shortOnes.get(root + "/long").orElseThrow().hasData()).isFalse();
    }

    /** What Curator has three older caches for. */
    @Test
    void cachesOneNodeOrItsChildrenOnly() {
        String root = place("narrow");
        CoordClient client = client();
        client.create().creatingParentsIfNeeded().forPath(root + "/a/deep", bytes("1"));
        CoordCache node =
                closing(CoordCache.builder(client, root).singleNode().build()).start();
        CoordCache children =
                closing(CoordCache.builder(client, root).childrenOnly().build()).start();
        List<String> log = log(children);
        assertThat(node.awaitInitialized(SOON)).isTrue();
        assertThat(children.awaitInitialized(SOON)).isTrue();

        client.setData().forPath(root + "/a/deep", bytes("2"));
        client.create().forPath(root + "/b", bytes("3"));
        client.setData().forPath(root, bytes("4"));
        awaitLog(log, "created " + root + "/b=3");
        soon().until(() -> node.get().map(CachedNode::text).orElse("").equals("4"));

        assertThat(node.nodes()).extracting(CachedNode::path).containsExactly(root);
        assertThat(children.children(root)).containsOnlyKeys("a", "b");
        assertThat(children.get(root + "/a/deep")).isEmpty();
    }

    /** Curator's cache and this one follow the same tree and show the same in the end. */
    @Test
    void showsWhatCuratorsCacheShows() {
        String root = place("beside");
        CoordClient client = client();
        client.create().forPath(root, bytes("0"));
        CoordCache ours = closing(CoordCache.builder(client(), root).build());
        ours.start();
        CuratorCache theirs = closing(CuratorCache.build(curator(), root));
        theirs.start();
        Random random = new Random(11);
        List<String> present = new ArrayList<>(List.of(root));
        for (int i = 0; i < 300; i++) {
            String path = present.get(random.nextInt(present.size()));
            String child = path + "/" + random.nextInt(6);
            if (random.nextInt(3) > 0 && !present.contains(child) && present.size() < 80) {
                client.create().forPath(child, bytes(String.valueOf(i)));
                present.add(child);
            } else if (path.equals(root) || present.stream().anyMatch(other -> other.startsWith(path + "/"))) {
                client.setData().forPath(path, bytes(String.valueOf(i)));
            } else {
                client.delete().forPath(path);
                present.remove(path);
            }
        }

        soon().untilAsserted(() -> {
            TreeMap<String, String> oursNow = new TreeMap<>();
            ours.nodes()
                    .forEach(node ->
                            oursNow.put(node.path(), node.text() + node.stat().mzxid()));
            TreeMap<String, String> theirsNow = new TreeMap<>();
            theirs.stream()
                    .forEach(node -> theirsNow.put(
                            node.getPath(),
                            new String(node.getData(), StandardCharsets.UTF_8)
                                    + node.getStat().getMzxid()));
            assertThat(oursNow).isEqualTo(theirsNow).hasSize(present.size());
        });
    }
}
