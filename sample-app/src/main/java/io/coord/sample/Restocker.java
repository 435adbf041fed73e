package io.coord.sample;

import io.coord.client.error.CoordException;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.Leadership;
import io.coord.recipes.leader.Participant;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.spring.lock.LockNotAcquiredException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Looks at the stock now and then, and restocks if this instance is the leader. Who leads is looked at likewise, for the page.
 *
 * <p>The looks come from the one thread of Spring's scheduler; a volatile field shows the leader to others.
 */
@Component
class Restocker {

    private static final Logger logger = LoggerFactory.getLogger(Restocker.class);

    private final LeaderLatch latch;
    private final Warehouse warehouse;
    private final ConfigFollower config;
    private final CoordCache cache;
    private final ZnodeJson json;
    private final ShopProperties properties;
    private final EventLog events;
    private volatile @Nullable String leader;

    Restocker(
            LeaderLatch latch,
            Warehouse warehouse,
            ConfigFollower config,
            @Qualifier("shopCache") CoordCache cache,
            ZnodeJson json,
            ShopProperties properties,
            EventLog events) {
        this.latch = latch;
        this.warehouse = warehouse;
        this.config = config;
        this.cache = cache;
        this.json = json;
        this.properties = properties;
        this.events = events;
    }

    /** The instance that leads, as far as this one knows; null when none does or the servers do not tell. */
    @Nullable
    String leader() {
        return leader;
    }

    @Scheduled(fixedDelayString = "${shop.restock-interval}")
    void look() {
        try {
            seeLeader(latch.leader().map(Participant::id).orElse(null));
            Optional<Leadership> leadership = latch.leadership();
            if (leadership.isPresent() && cache.isInSync()) {
                restock(leadership.get());
            }
        } catch (CoordException | LeaseLostException | LockNotAcquiredException e) {
            // Nothing was done, or the next look shows that it was.
            logger.debug("No restocking this time", e);
            if (e instanceof CoordException) {
                leader = null;
            }
        }
    }

    private void restock(Leadership leadership) {
        if (isTooLittle()) {
            for (Delivery delivery : warehouse.restock(leadership)) {
                events.add("Restocked: " + delivery.quantity() + " × " + delivery.item());
            }
        }
        if (isTooLong(ShopTree.ORDERS, properties.ordersKept())
                || isTooLong(ShopTree.DELIVERIES, properties.deliveriesKept())) {
            warehouse.clearLedgers(leadership);
        }
    }

    /** A look into the cache, so that the lock is only taken when there seems to be something to do. */
    private boolean isTooLittle() {
        ShopConfig today = config.current();
        return today.priceCents().keySet().stream().anyMatch(item -> today.missing(left(item)) > 0);
    }

    private int left(String item) {
        return cache.get(ShopTree.stockOf(item))
                .map(node -> json.read(node.data(), StockLevel.class).left())
                .orElse(0);
    }

    private boolean isTooLong(String ledger, int keep) {
        return cache.children(ledger).size() > keep + keep / 10;
    }

    private void seeLeader(@Nullable String now) {
        if (!Objects.equals(now, leader)) {
            leader = now;
            events.add(now == null ? "Nobody leads" : now + " leads");
        }
    }
}
