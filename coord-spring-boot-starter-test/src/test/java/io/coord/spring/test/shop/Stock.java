package io.coord.spring.test.shop;

import io.coord.client.CoordClient;
import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.WriteLock;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A component of the application that the tests here are about. */
@Component
class Stock {

    private final CountDownLatch selling = new CountDownLatch(1);
    private final CoordClient client;

    Stock(CoordClient client) {
        this.client = client;
    }

    /** Open once a slow sale goes on. */
    CountDownLatch selling() {
        return selling;
    }

    @WriteLock("stock")
    void sellSlowly() throws InterruptedException {
        selling.countDown();
        new CountDownLatch(1).await();
    }

    @WriteLock("stock")
    long sell(@Nullable Lease lease) {
        client.create().orSetData().creatingParentsIfNeeded().forPath("/shop/sold");
        return lease == null ? 0 : lease.fencingToken();
    }
}
