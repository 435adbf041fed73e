package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.embedded.CoordEmbeddedServerAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.lock.StockConfiguration.Stock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Locked methods on virtual threads, many more than there are processors. Needs a JDK that has them. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {

    private static final int CALLS = 200;

    @Test
    void manyVirtualThreadsWaitForOneLockAndEachHoldsItAlone() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordEmbeddedServerAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class))
                .withUserConfiguration(StockConfiguration.class)
                .withPropertyValues("coord.lock.wait=60s", "spring.threads.virtual.enabled=true")
                .run(context -> {
                    Stock stock = context.getBean(Stock.class);
                    AtomicInteger inside = new AtomicInteger();
                    int[] sold = new int[1];
                    ExecutorService threads = (ExecutorService) Executors.class
                            .getMethod("newVirtualThreadPerTaskExecutor")
                            .invoke(null);
                    List<Future<Boolean>> calls = new ArrayList<>();
                    for (int i = 0; i < CALLS; i++) {
                        calls.add(threads.submit(() -> stock.write(() -> {
                            boolean alone = inside.incrementAndGet() == 1;
                            sold[0]++;
                            inside.decrementAndGet();
                            return alone;
                        })));
                    }
                    for (Future<Boolean> call : calls) {
                        assertThat(call.get(60, TimeUnit.SECONDS)).isTrue();
                    }
                    assertThat(sold[0]).isEqualTo(CALLS);
                    threads.shutdown();
                });
    }
}
