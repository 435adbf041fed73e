package io.coord.sample;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.TransactionOps;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.TransactionFailedException;
import io.coord.protocol.data.CreateMode;
import io.coord.recipes.leader.Leadership;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.spring.lock.Leases;
import io.coord.spring.lock.OnLost;
import io.coord.spring.lock.ReadLock;
import io.coord.spring.lock.WriteLock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The one stock of all instances. Whoever changes it holds the write lock {@link #LOCK}, and writes through the lock's lease
 * ({@code guarded}), so that the write fails when the lock was lost since the stock was read. The znodes' versions are left
 * out of it on purpose: it is the lock alone that keeps two sellers from selling one piece.
 *
 * <p>Thread-safe: it keeps nothing; what it works on is in znodes.
 */
@Component
class Warehouse {

    /** Below {@code coord.lock.root}. */
    static final String LOCK = "shop/stock";

    private static final Logger logger = LoggerFactory.getLogger(Warehouse.class);
    private static final int ATTEMPTS = 3;

    /** @param repeated whether it had been sold before, under the same id */
    record Sale(Order order, boolean repeated) {}

    /** @param balanced whether the ledgers add up to what is left */
    record Audit(boolean balanced, List<AuditLine> items) {}

    /** One item: its stock znode beside the sums of the ledgers. */
    record AuditLine(String item, int left, long sold, long delivered, long soldInLedger, long deliveredInLedger) {

        boolean isBalanced() {
            return left == deliveredInLedger - soldInLedger && sold == soldInLedger && delivered == deliveredInLedger;
        }
    }

    private final CoordClient client;
    private final ZnodeJson json;
    private final ConfigFollower config;
    private final ShopProperties properties;
    private final Ledger orders;
    private final Ledger deliveries;
    private final Clock clock = Clock.systemUTC();

    Warehouse(CoordClient client, ZnodeJson json, ConfigFollower config, ShopProperties properties) {
        this.client = client;
        this.json = json;
        this.config = config;
        this.properties = properties;
        this.orders = new Ledger(client, json, ShopTree.ORDERS);
        this.deliveries = new Ledger(client, json, ShopTree.DELIVERIES);
    }

    /**
     * Sells an order, or says that it was sold before. Stock and ledger change together or not at all.
     *
     * <p>The loss of the lock is ignored until the write: the guard refuses the write if the lock is gone, and if it was not
     * refused the order is sold, whatever became of the lock afterwards.
     *
     * @param thinkTime how long to wait between looking at the stock and writing it
     * @throws OrderRefusedException nothing was sold
     * @throws io.coord.recipes.lock.LeaseLostException the lock was lost before the write; nothing was sold
     * @throws io.coord.client.error.CoordException with {@link OutcomeUnknown}: it may have been sold, and the same order can
     *     be sent again to find out; without: nothing was sold
     */
    @WriteLock(name = LOCK, waitTime = "${shop.lock-wait}", onLost = OnLost.IGNORE)
    public Sale sell(OrderRequest request, Duration thinkTime) {
        Lease lease = Leases.current().orElseThrow();
        Optional<Order> before = findOrder(request.id());
        if (before.isPresent()) {
            return repeated(before.get(), request);
        }
        ShopConfig today = config.current();
        Integer priceCents = today.priceCents().get(request.item());
        StockLevel stock = findStock(request.item());
        if (priceCents == null || stock == null) {
            throw OrderRefusedException.unknownItem(request.item());
        }
        if (stock.left() < request.quantity()) {
            throw OrderRefusedException.soldOut(request.item(), request.quantity(), stock.left());
        }
        think(request, stock, thinkTime);
        Order order = new Order(
                request.id(),
                request.item(),
                request.quantity(),
                today.totalCents(priceCents, request.quantity()),
                properties.instance(),
                lease.fencingToken(),
                clock.millis());
        TransactionOps op = client.transactionOp();
        List<TransactionOp> writes = List.of(
                op.create().forPath(ShopTree.order(order.id()), json.write(order)),
                op.setData().forPath(ShopTree.stockOf(order.item()), json.write(stock.afterSale(order.quantity()))));
        return write(lease, writes, order);
    }

    /**
     * Writes an order under its lease. When the answer is lost it writes again: the order's znode can be created only once, so
     * finding it there means that the earlier attempt came through. When the lock is gone by then, nothing that was sent under
     * it can take effect any more, and the ledger tells what did.
     */
    private Sale write(Lease lease, List<TransactionOp> writes, Order order) {
        CoordException unanswered = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                lease.guarded(writes);
                return new Sale(order, false);
            } catch (LeaseLostException e) {
                if (unanswered != null && reconcile(order.id()).isPresent()) {
                    return new Sale(order, false);
                }
                throw e;
            } catch (TransactionFailedException e) {
                if (unanswered != null && e.failure() instanceof NodeExistsException) {
                    return new Sale(order, false);
                }
                throw e;
            } catch (CoordException e) {
                if (e.isOutcomeUnknown()) {
                    unanswered = e;
                } else if (unanswered == null) {
                    throw e;
                }
            }
        }
        throw Objects.requireNonNull(unanswered);
    }

    private static Sale repeated(Order before, OrderRequest request) {
        if (!before.isFor(request)) {
            throw OrderRefusedException.differentOrder(before);
        }
        return new Sale(before, true);
    }

    private static void think(OrderRequest request, StockLevel stock, Duration thinkTime) {
        if (thinkTime.isZero()) {
            return;
        }
        logger.info(
                "Order {} for {} x {}: {} left, writing in {} ms",
                request.id(),
                request.quantity(),
                request.item(),
                stock.left(),
                thinkTime.toMillis());
        try {
            Thread.sleep(thinkTime.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OrderRefusedException.interrupted();
        }
    }

    /** Everything that is in stock, as of one moment: no seller is between two of these reads. */
    @ReadLock(name = LOCK, waitTime = "${shop.lock-wait}", onLost = OnLost.THROW)
    public Map<String, StockLevel> report() {
        Map<String, StockLevel> report = new TreeMap<>();
        for (String item : client.getChildren().forPath(ShopTree.STOCK)) {
            report.put(item, readStock(item));
        }
        return report;
    }

    /** Adds up both ledgers and compares them with the stock. */
    @ReadLock(name = LOCK, waitTime = "${shop.lock-wait}", onLost = OnLost.THROW)
    public Audit audit() {
        Map<String, Long> sold = orders.sums();
        Map<String, Long> delivered = deliveries.sums();
        TreeSet<String> items = new TreeSet<>(client.getChildren().forPath(ShopTree.STOCK));
        items.addAll(sold.keySet());
        items.addAll(delivered.keySet());
        List<AuditLine> lines = new ArrayList<>();
        for (String item : items) {
            StockLevel stock = findStock(item);
            StockLevel level = stock == null ? new StockLevel(0, 0, 0) : stock;
            lines.add(new AuditLine(
                    item,
                    level.left(),
                    level.sold(),
                    level.delivered(),
                    sold.getOrDefault(item, 0L),
                    delivered.getOrDefault(item, 0L)));
        }
        return new Audit(lines.stream().allMatch(AuditLine::isBalanced), lines);
    }

    /**
     * Fills up what the configuration says is too little. Each write is guarded twice: by the lock's lease, and by a check that
     * the leader's own znode is still there.
     *
     * @param leadership of this instance
     * @throws io.coord.recipes.lock.LeaseLostException the lock or the leadership was lost; nothing was delivered
     * @throws io.coord.client.error.CoordException with {@link OutcomeUnknown}: it may have been delivered; the next look at the
     *     stock tells
     */
    @WriteLock(name = LOCK, waitTime = "${shop.lock-wait}", onLost = OnLost.IGNORE)
    public List<Delivery> restock(Leadership leadership) {
        ShopConfig today = config.current();
        TransactionOps op = client.transactionOp();
        List<TransactionOp> writes = new ArrayList<>();
        writes.add(op.check().forPath(leadership.path()));
        List<Delivery> delivered = new ArrayList<>();
        for (String item : today.priceCents().keySet()) {
            StockLevel stock = findStock(item);
            int missing = today.missing(stock == null ? 0 : stock.left());
            if (missing == 0) {
                continue;
            }
            Delivery delivery =
                    new Delivery(item, missing, properties.instance(), leadership.fencingToken(), clock.millis());
            delivered.add(delivery);
            writes.add(
                    stock == null
                            ? op.create()
                                    .forPath(ShopTree.stockOf(item), json.write(new StockLevel(missing, 0, missing)))
                            : op.setData().forPath(ShopTree.stockOf(item), json.write(stock.afterDelivery(missing))));
            writes.add(op.create()
                    .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                    .forPath(ShopTree.DELIVERY_PREFIX, json.write(delivery)));
        }
        if (!delivered.isEmpty()) {
            Leases.current().orElseThrow().guarded(writes);
        }
        return delivered;
    }

    /** Carries old entries of both ledgers forward; errors as in {@link #restock}. */
    @WriteLock(name = LOCK, waitTime = "${shop.lock-wait}", onLost = OnLost.IGNORE)
    public void clearLedgers(Leadership leadership) {
        List<TransactionOp> writes = new ArrayList<>(orders.clearing(properties.ordersKept()));
        writes.addAll(deliveries.clearing(properties.deliveriesKept()));
        if (!writes.isEmpty()) {
            writes.add(client.transactionOp().check().forPath(leadership.path()));
            Leases.current().orElseThrow().guarded(writes);
        }
    }

    /**
     * Looks an order up in the ledger: what was acknowledged by any instance before this call is found, unless it was carried
     * forward long ago. That it is not found does not mean that it will never be: a seller may be about to write it.
     */
    Optional<Order> reconcile(String id) {
        client.sync().forPath(ShopTree.ORDERS);
        return findOrder(id);
    }

    private Optional<Order> findOrder(String id) {
        try {
            return Optional.of(json.read(client.getData().forPath(ShopTree.order(id)), Order.class));
        } catch (NoNodeException e) {
            return Optional.empty();
        }
    }

    private @Nullable StockLevel findStock(String item) {
        try {
            return readStock(item);
        } catch (NoNodeException e) {
            return null;
        }
    }

    private StockLevel readStock(String item) {
        return json.read(client.getData().forPath(ShopTree.stockOf(item)), StockLevel.class);
    }
}
