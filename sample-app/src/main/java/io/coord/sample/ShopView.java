package io.coord.sample;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.lock.HolderDescription;
import io.coord.recipes.lock.LockParticipant;
import io.coord.recipes.lock.LockQueue;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.lock.NamedLocks;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * What the page shows. All but the lock's queue comes from caches, so looking at it costs the servers nothing and works while
 * they are out of reach.
 *
 * <p>Thread-safe: it keeps nothing but the caches.
 */
@Component
class ShopView {

    private static final int ORDERS_SHOWN = 20;

    /** @param registeredAt milliseconds since 1970, by the instance's own clock */
    record Instance(
            String id, @Nullable String address, @Nullable Integer port, long registeredAt) {}

    /** @param priceCents before the discount; null when the item is not for sale */
    record StockLine(
            String item,
            int left,
            long sold,
            long delivered,
            @Nullable Integer priceCents) {}

    /** @param queue in the order of service; null when the servers did not tell */
    record Lock(String path, @Nullable List<Place> queue) {}

    /**
     * @param instance that holds or waits
     * @param mode {@code READ} or {@code WRITE}
     * @param since milliseconds since 1970, by the server's clock
     */
    record Place(String instance, String mode, boolean holds, long since, long fencingToken) {}

    /**
     * @param now milliseconds since 1970
     * @param orderCount orders in the ledger
     * @param orders the latest of them, newest first
     */
    record Overview(
            String self,
            String servers,
            String connection,
            @Nullable String leader,
            long now,
            List<Instance> instances,
            Lock lock,
            List<StockLine> stock,
            int orderCount,
            List<Order> orders,
            ConfigFollower.Followed config,
            List<EventLog.Event> events) {}

    /** The page can do without the queue; it is not to hang when the servers are out of reach. */
    private static final long QUEUE_TIMEOUT_MS = 1_000;

    private final CoordClient client;
    private final ZnodeJson json;
    private final CoordCache cache;
    private final LockQueue queue;
    private final String lockPath;
    private final Peers peers;
    private final Restocker restocker;
    private final ConfigFollower config;
    private final EventLog events;
    private final ShopProperties properties;
    private final String servers;
    private final Clock clock = Clock.systemUTC();

    ShopView(
            CoordClient client,
            ZnodeJson json,
            @Qualifier("shopCache") CoordCache cache,
            NamedLocks locks,
            Peers peers,
            Restocker restocker,
            ConfigFollower config,
            EventLog events,
            ShopProperties properties,
            CoordServers servers) {
        this.client = client;
        this.json = json;
        this.cache = cache;
        this.lockPath = locks.readWriteLock(Warehouse.LOCK).path();
        this.queue = new LockQueue(client, lockPath);
        this.peers = peers;
        this.restocker = restocker;
        this.config = config;
        this.events = events;
        this.properties = properties;
        this.servers =
                servers.mode() == CoordMode.EMBEDDED ? "server in this process" : "servers at " + servers.addresses();
    }

    List<Instance> instances() {
        return peers.all();
    }

    /** @throws io.coord.client.error.CoordException when the servers do not tell */
    Lock lock() {
        return new Lock(lockPath, places(queue.participants()));
    }

    /** Newest first. */
    List<Order> latestOrders(int most) {
        return latestOrders(cache.children(ShopTree.ORDERS), most);
    }

    Overview overview() {
        ConfigFollower.Followed followed = config.followed();
        Map<String, StockLevel> stock = new TreeMap<>();
        cache.children(ShopTree.STOCK)
                .forEach((item, node) -> stock.put(item, json.read(node.data(), StockLevel.class)));
        NavigableMap<String, CachedNode> orders = cache.children(ShopTree.ORDERS);
        return new Overview(
                properties.instance(),
                servers,
                client.state().name(),
                restocker.leader(),
                clock.millis(),
                instances(),
                new Lock(lockPath, placesInTime()),
                stockLines(stock, followed.value()),
                orders.size(),
                latestOrders(orders, ORDERS_SHOWN),
                followed,
                events.latest());
    }

    static List<StockLine> stockLines(Map<String, StockLevel> stock, ShopConfig config) {
        List<StockLine> lines = new ArrayList<>();
        stock.forEach((item, level) -> lines.add(new StockLine(
                item,
                level.left(),
                level.sold(),
                level.delivered(),
                config.priceCents().get(item))));
        return lines;
    }

    private List<Order> latestOrders(NavigableMap<String, CachedNode> orders, int most) {
        return orders.values().stream()
                .sorted(Comparator.comparingLong(
                                (CachedNode node) -> node.stat().czxid())
                        .reversed())
                .limit(most)
                .map(node -> json.read(node.data(), Order.class))
                .toList();
    }

    private @Nullable List<Place> placesInTime() {
        try {
            return places(queue.participantsAsync().toCompletableFuture().get(QUEUE_TIMEOUT_MS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Locks of methods say which application they belong to, then which method. */
    private static String instance(LockParticipant participant) {
        String purpose = participant.holder().map(HolderDescription::purpose).orElse("?");
        int end = purpose.indexOf(' ');
        return end < 0 ? purpose : purpose.substring(0, end);
    }

    private static List<Place> places(List<LockParticipant> participants) {
        return participants.stream()
                .map(each -> new Place(
                        instance(each),
                        each.kind().name(),
                        each.holding(),
                        each.since().toEpochMilli(),
                        each.fencingToken()))
                .toList();
    }
}
