package io.coord.sample;

/**
 * A sold order: the data of a znode below {@link ShopTree#ORDERS}, whose name is the order's id.
 *
 * @param totalCents what it cost, discount included
 * @param seller instance that sold it
 * @param fencingToken number of the lock holding under which it was sold; later holdings have higher numbers
 * @param soldAt milliseconds since 1970, by the seller's clock
 */
public record Order(
        String id, String item, int quantity, long totalCents, String seller, long fencingToken, long soldAt) {

    boolean isFor(OrderRequest request) {
        return item.equals(request.item()) && quantity == request.quantity();
    }
}
