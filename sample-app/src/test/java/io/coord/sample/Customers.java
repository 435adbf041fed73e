package io.coord.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP load on several instances. Each customer buys a little, again and again, and keeps asking until it knows what became of
 * the order: under the same id, at the next instance if one does not answer.
 *
 * <p>Thread-safe: each customer has a thread; what they share is concurrent.
 */
final class Customers implements AutoCloseable {

    private static final List<String> ITEMS = List.of("apple", "bread");

    record Sold(String item, int quantity) {}

    /** What was acknowledged, by the order's id. */
    final Map<String, Sold> sold = new ConcurrentHashMap<>();

    final AtomicInteger soldOut = new AtomicInteger();
    final AtomicInteger unavailable = new AtomicInteger();
    final AtomicInteger unanswered = new AtomicInteger();
    final AtomicInteger foundSoldBefore = new AtomicInteger();

    private final List<ShopClient> instances;
    private final ExecutorService threads;
    private final List<Future<?>> customers = new ArrayList<>();
    private volatile boolean open = true;

    Customers(List<ShopClient> instances, int perInstance) {
        this.instances = instances;
        this.threads = Executors.newFixedThreadPool(instances.size() * perInstance);
        for (int i = 0; i < instances.size() * perInstance; i++) {
            int customer = i;
            customers.add(threads.submit(() -> shop(customer)));
        }
    }

    /** Lets each finish the order it is at. */
    void finish() throws InterruptedException, ExecutionException {
        open = false;
        for (Future<?> customer : customers) {
            customer.get();
        }
    }

    private void shop(int customer) {
        for (int i = 0; open; i++) {
            buy("c" + customer + "-" + i, ITEMS.get((customer + i) % ITEMS.size()), 1 + i % 3, customer);
        }
    }

    private void buy(String id, String item, int quantity, int firstInstance) {
        for (int attempt = 0; ; attempt++) {
            ShopClient instance = instances.get((firstInstance + attempt) % instances.size());
            try {
                ShopClient.Answer answer = instance.order(id, item, quantity);
                switch (answer.status()) {
                    case 200, 201 -> {
                        if (answer.status() == 200) {
                            foundSoldBefore.incrementAndGet();
                        }
                        sold.put(id, new Sold(item, quantity));
                        return;
                    }
                    case 409 -> {
                        soldOut.incrementAndGet();
                        return;
                    }
                    case 503 -> unavailable.incrementAndGet();
                    default ->
                        throw new AssertionError("status " + answer.status() + ": "
                                + answer.response().body());
                }
            } catch (IOException e) {
                unanswered.incrementAndGet();
            }
        }
    }

    @Override
    public void close() {
        open = false;
        threads.shutdownNow();
    }

    @Override
    public String toString() {
        return sold.size() + " sold, " + soldOut + " sold out, " + unavailable + " times unavailable, " + unanswered
                + " times no answer, " + foundSoldBefore + " found to be sold before";
    }
}
