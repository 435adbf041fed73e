package io.coord.sample;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data of the znode {@link ShopTree#CONFIG}: what all instances agree on.
 *
 * @param discountPercent 0 to 90, off every price
 * @param restockBelow the leader orders what there is less of than this
 * @param restockTo up to this many
 * @param priceCents price of each item; an item without a price is not for sale
 */
public record ShopConfig(int discountPercent, int restockBelow, int restockTo, Map<String, Integer> priceCents) {

    private static final int MOST = 1_000_000;

    /** What a new shop starts with. */
    static final ShopConfig INITIAL =
            new ShopConfig(0, 10, 40, Map.of("apple", 45, "bread", 280, "cheese", 650, "tea", 390));

    /** @throws IllegalArgumentException saying what is wrong */
    public ShopConfig {
        require(discountPercent >= 0 && discountPercent <= 90, "discountPercent must be from 0 to 90");
        require(restockBelow >= 0 && restockBelow <= MOST, "restockBelow must be from 0 to " + MOST);
        require(restockTo >= 0 && restockTo <= MOST, "restockTo must be from 0 to " + MOST);
        require(priceCents != null, "priceCents is missing");
        priceCents.forEach((item, price) -> require(
                price != null && price >= 0 && price <= MOST, "the price of " + item + " must be from 0 to " + MOST));
        priceCents = Collections.unmodifiableMap(new TreeMap<>(priceCents));
    }

    /** What a quantity of an item costs today, in cents; the discount is rounded for each piece. */
    long totalCents(int priceCents, int quantity) {
        return Math.round(priceCents * (100 - discountPercent) / 100.0) * quantity;
    }

    /** How many pieces to order of an item of which this many are left; 0 for none. */
    int missing(int left) {
        return left < restockBelow ? Math.max(0, restockTo - left) : 0;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
