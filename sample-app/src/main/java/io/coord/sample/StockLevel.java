package io.coord.sample;

/**
 * The data of an item's znode below {@link ShopTree#STOCK}. Delivered is always sold plus left; the ledgers say the same in
 * detail, and {@link Warehouse#audit} compares them.
 *
 * @param left pieces that can be sold, never negative
 * @param sold pieces sold so far
 * @param delivered pieces delivered so far
 */
record StockLevel(int left, long sold, long delivered) {

    StockLevel {
        if (left < 0) {
            throw new IllegalArgumentException("a stock cannot be negative: " + left);
        }
    }

    StockLevel afterSale(int quantity) {
        return new StockLevel(left - quantity, sold + quantity, delivered);
    }

    StockLevel afterDelivery(int quantity) {
        return new StockLevel(left + quantity, sold, delivered + quantity);
    }
}
