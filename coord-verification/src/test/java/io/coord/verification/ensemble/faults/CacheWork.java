package io.coord.verification.ensemble.faults;

import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Clients change and delete znodes below one parent, each with a cache of them all: no listener is ever told an older state of a
 * znode after a newer one, and in the end each cache shows what there is.
 */
final class CacheWork implements Work {
    private static final int CLIENTS = 2;
    private static final String PARENT = "/cached";
    private static final int ZNODES = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Tally tally = new Tally();
    private final Map<Integer, CoordCache> caches = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();

    @Override
    public String name() {
        return "caches";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step(int number, CoordClient client) {
        caches.computeIfAbsent(number, key -> newCache(client));
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String path = PARENT + "/n" + random.nextInt(ZNODES);
        if (random.nextInt(4) == 0) {
            tally.call(() -> {
                client.delete().forPath(path);
                return path;
            });
        } else {
            byte[] data = Long.toHexString(random.nextLong()).getBytes(StandardCharsets.UTF_8);
            tally.call(
                    () -> client.create().creatingParentsIfNeeded().orSetData().forPath(path, data));
        }
    }

    private CoordCache newCache(CoordClient client) {
        CoordCache cache = CoordCache.builder(client, PARENT).build();
        Map<String, Long> newest = new ConcurrentHashMap<>();
        cache.addListener(new CacheListener() {
            @Override
            public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
                if (after != null) {
                    long mzxid = after.stat().mzxid();
                    Long told = newest.put(after.path(), mzxid);
                    if (told != null && told > mzxid) {
                        note("a cache told " + after + " of zxid " + mzxid + " after one of " + told);
                    }
                }
            }
        });
        return cache.start();
    }

    private synchronized void note(String violation) {
        violations.add(violation);
    }

    @Override
    public List<String> violations(CoordClient client) {
        List<String> all = new ArrayList<>();
        Map<String, String> real = real(client);
        caches.forEach((number, cache) -> {
            try {
                await().atMost(PATIENCE).until(() -> shown(cache).equals(real));
            } catch (ConditionTimeoutException e) {
                all.add("cache " + number + " shows " + shown(cache) + " and not " + real);
            }
        });
        synchronized (this) {
            all.addAll(violations);
        }
        return all;
    }

    private static Map<String, String> real(CoordClient client) {
        Map<String, String> all = new TreeMap<>();
        client.sync().forPath(PARENT);
        if (client.checkExists().forPath(PARENT) != null) {
            all.put(PARENT, new String(client.getData().forPath(PARENT), StandardCharsets.UTF_8));
            for (String each : client.getChildren().forPath(PARENT)) {
                String path = PARENT + "/" + each;
                all.put(path, new String(client.getData().forPath(path), StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private static Map<String, String> shown(CoordCache cache) {
        Map<String, String> all = new TreeMap<>();
        cache.nodes().forEach(each -> all.put(each.path(), each.text()));
        return all;
    }
}
