package io.coord.spring.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.spring.lock.LockLostException;
import io.coord.spring.test.CoordFaults;
import io.coord.spring.test.CoordTest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/** The example of docs/SPRING.md. */
@Timeout(60)
@CoordTest
@Import(Stock.class)
class StockTest {

    @Autowired
    Stock stock;

    @Autowired
    CoordFaults faults;

    @Test
    void aLostLockInterruptsTheSale() throws Exception {
        CompletableFuture<Void> sale = inBackground(() -> stock.sellSlowly());
        stock.selling().await();
        faults.expireSession();
        assertThat(sale)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(LockLostException.class);
    }

    private interface Sale {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inBackground(Sale sale) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                sale.run();
                result.complete(null);
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
