package io.coord.sample;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of one instance. What all instances share is not here but in {@link ShopConfig}.
 *
 * @param instance Name of this instance, unique among all of them and the same after a restart.
 * @param lockWait Time that an order waits for the stock's lock.
 * @param thinkTime Time that each order waits between looking at the stock and writing it: for experiments.
 * @param restockInterval Time between two looks of the leader at the stock.
 * @param ordersKept Number of orders that the ledger keeps one by one. Older ones are carried forward as a sum for each item; an
 *     order that is repeated after that would be sold again.
 * @param deliveriesKept Number of deliveries that the ledger keeps one by one.
 */
@ConfigurationProperties("shop")
public record ShopProperties(
        String instance,
        Duration lockWait,
        @DefaultValue("0s") Duration thinkTime,
        Duration restockInterval,
        @DefaultValue("1000") int ordersKept,
        @DefaultValue("100") int deliveriesKept) {

    /** Nobody waits longer than this for an order. */
    static final Duration LONGEST_THINK_TIME = Duration.ofMinutes(5);

    public ShopProperties {
        checkThinkTime(thinkTime);
        if (restockInterval.toMillis() < 1) {
            throw new IllegalArgumentException("shop.restock-interval must be 1 ms or more");
        }
        if (ordersKept < 0 || deliveriesKept < 0) {
            throw new IllegalArgumentException("shop.orders-kept and shop.deliveries-kept must not be negative");
        }
    }

    static void checkThinkTime(Duration thinkTime) {
        if (thinkTime.isNegative() || thinkTime.compareTo(LONGEST_THINK_TIME) > 0) {
            throw new IllegalArgumentException(
                    "the think time must be from 0 to " + LONGEST_THINK_TIME.toMinutes() + " minutes");
        }
    }
}
