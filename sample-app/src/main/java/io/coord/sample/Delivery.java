package io.coord.sample;

/**
 * What the leader ordered: the data of a znode below {@link ShopTree#DELIVERIES}.
 *
 * @param by instance that led when it was delivered
 * @param leaderToken number of its leadership; later leaderships have higher numbers. 0 for the opening stock
 * @param deliveredAt milliseconds since 1970, by the leader's clock
 */
record Delivery(String item, int quantity, String by, long leaderToken, long deliveredAt) {}
