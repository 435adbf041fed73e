package io.coord.spring.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.LockMode;
import io.coord.spring.lock.LockObserver;
import io.coord.spring.lock.ObservedLock;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerLockObserverTest {

    private static final ObservedLock STOCK =
            new ObservedLock("stock", LockMode.WRITE, null, "/coord/locks/stock", "Shop.sell()");

    /** Meters do not look at it. */
    private static final Lease NO_LEASE = null;

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final MicrometerLockObserver observer = new MicrometerLockObserver(registry);

    @Test
    void timesTheWaitAndTheHoldingOfALock() {
        LockObserver.Waiting waiting = observer.onWaiting(STOCK);
        assertThat(waiting()).isEqualTo(1);

        clock.add(Duration.ofSeconds(2));
        LockObserver.Held held = waiting.onAcquired(NO_LEASE);
        assertThat(waiting()).isZero();
        assertThat(waits("acquired").totalTime(TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(active()).isEqualTo(1);

        clock.add(Duration.ofSeconds(3));
        held.onReleased(null);
        assertThat(active()).isZero();
        assertThat(registry.get("coord.lock.hold")
                        .tags("lock", "stock", "mode", "write")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);
    }

    @Test
    void tellsTimeoutsFromErrors() {
        observer.onWaiting(STOCK).onTimeout();
        observer.onWaiting(STOCK).onError(new IllegalStateException());
        observer.onWaiting(STOCK).onError(new IllegalStateException());
        assertThat(waits("timeout").count()).isEqualTo(1);
        assertThat(waits("error").count()).isEqualTo(2);
        assertThat(waiting()).isZero();
    }

    @Test
    void countsLostLocks() {
        LockObserver.Held held = observer.onWaiting(STOCK).onAcquired(NO_LEASE);
        assertThat(lost()).isZero();
        held.onLost();
        assertThat(lost()).isEqualTo(1);
    }

    private double waiting() {
        return registry.get("coord.lock.waiting")
                .tags("lock", "stock", "mode", "write")
                .gauge()
                .value();
    }

    private Timer waits(String outcome) {
        return registry.get("coord.lock.acquire")
                .tags("lock", "stock", "mode", "write", "outcome", outcome)
                .timer();
    }

    private int active() {
        return registry.get("coord.lock.active")
                .tags("lock", "stock", "mode", "write")
                .longTaskTimer()
                .activeTasks();
    }

    private double lost() {
        return registry.get("coord.lock.lost")
                .tags("lock", "stock", "mode", "write")
                .counter()
                .count();
    }
}
