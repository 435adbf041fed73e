package io.coord.sample;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.TransactionOps;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.TransactionFailedException;
import io.coord.protocol.data.CreateMode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Where the shop's data lie, and the first of all instances makes it: in one transaction, so that no other ever sees half a shop.
 *
 * <pre>
 * /shop
 * /shop/config             ShopConfig
 * /shop/stock/&lt;item&gt;       StockLevel
 * /shop/orders             pieces of each item in orders that are no longer kept one by one
 * /shop/orders/&lt;id&gt;        Order
 * /shop/deliveries         likewise
 * /shop/deliveries/d-&lt;n&gt;   Delivery
 * </pre>
 */
@Component
class ShopTree {

    static final String ROOT = "/shop";
    static final String CONFIG = ROOT + "/config";
    static final String STOCK = ROOT + "/stock";
    static final String ORDERS = ROOT + "/orders";
    static final String DELIVERIES = ROOT + "/deliveries";
    static final String DELIVERY_PREFIX = DELIVERIES + "/d-";

    private static final int OPENING_STOCK = 20;
    private static final int ATTEMPTS = 3;

    private final CoordClient client;
    private final ZnodeJson json;

    ShopTree(CoordClient client, ZnodeJson json) {
        this.client = client;
        this.json = json;
    }

    static String stockOf(String item) {
        return STOCK + '/' + item;
    }

    static String order(String id) {
        return ORDERS + '/' + id;
    }

    /**
     * Makes the shop if it is not there.
     *
     * @return whether it was this call that made it
     */
    boolean createIfMissing() {
        if (client.checkExists().forPath(ROOT) != null) {
            return false;
        }
        List<TransactionOp> everything = everything();
        for (int attempt = 1; ; attempt++) {
            try {
                client.transaction().forOperations(everything);
                return true;
            } catch (TransactionFailedException e) {
                if (e.failedIndex() == 0 && e.failure() instanceof NodeExistsException) {
                    return false; // Another instance was first, or our own earlier attempt.
                }
                throw e;
            } catch (RuntimeException e) {
                // All or nothing may have happened: trying again tells which.
                if (!(e instanceof OutcomeUnknown) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<TransactionOp> everything() {
        TransactionOps op = client.transactionOp();
        Map<String, Integer> items = new TreeMap<>(ShopConfig.INITIAL.priceCents());
        List<TransactionOp> all = new ArrayList<>();
        all.add(op.create().forPath(ROOT));
        all.add(op.create().forPath(CONFIG, json.write(ShopConfig.INITIAL)));
        all.add(op.create().forPath(STOCK));
        all.add(op.create().forPath(ORDERS, json.write(Map.of())));
        all.add(op.create().forPath(DELIVERIES, json.write(Map.of())));
        long now = Clock.systemUTC().millis();
        for (String item : items.keySet()) {
            StockLevel level = new StockLevel(OPENING_STOCK, 0, OPENING_STOCK);
            all.add(op.create().forPath(stockOf(item), json.write(level)));
            all.add(op.create()
                    .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                    .forPath(DELIVERY_PREFIX, json.write(new Delivery(item, OPENING_STOCK, "opening", 0, now))));
        }
        return all;
    }
}
