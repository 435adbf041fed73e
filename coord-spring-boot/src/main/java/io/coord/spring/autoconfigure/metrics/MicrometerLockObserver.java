package io.coord.spring.autoconfigure.metrics;

import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.LockObserver;
import io.coord.spring.lock.ObservedLock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Locks of annotated methods as meters, tagged with the declared name and the mode.
 *
 * <p>Thread-safe: meters are, and the one map is concurrent.
 */
final class MicrometerLockObserver implements LockObserver {

    private final MeterRegistry registry;
    private final Map<Tags, AtomicInteger> waiting = new ConcurrentHashMap<>();

    MicrometerLockObserver(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Waiting onWaiting(ObservedLock lock) {
        Tags tags = Tags.of("lock", lock.name(), "mode", lock.mode().name().toLowerCase(Locale.ROOT));
        AtomicInteger count = waiting.computeIfAbsent(tags, this::waitingGauge);
        count.incrementAndGet();
        return new TimedWait(tags, count, Timer.start(registry));
    }

    private AtomicInteger waitingGauge(Tags tags) {
        AtomicInteger count = new AtomicInteger();
        Gauge.builder("coord.lock.waiting", count, AtomicInteger::get)
                .description("Calls in this process that wait for the lock")
                .tags(tags)
                .register(registry);
        return count;
    }

    private final class TimedWait implements Waiting {

        private final Tags tags;
        private final AtomicInteger count;
        private final Timer.Sample sample;

        TimedWait(Tags tags, AtomicInteger count, Timer.Sample sample) {
            this.tags = tags;
            this.count = count;
            this.sample = sample;
        }

        @Override
        public Held onAcquired(Lease lease) {
            end("acquired");
            return new TimedHold(tags);
        }

        @Override
        public void onTimeout() {
            end("timeout");
        }

        @Override
        public void onError(Throwable failure) {
            end("error");
        }

        private void end(String outcome) {
            count.decrementAndGet();
            sample.stop(Timer.builder("coord.lock.acquire")
                    .description("Time that calls waited for the lock")
                    .tags(tags)
                    .tag("outcome", outcome)
                    .register(registry));
        }
    }

    private final class TimedHold implements Held {

        private final Tags tags;
        private final Timer.Sample sample = Timer.start(registry);
        private final LongTaskTimer.Sample active;
        private final Counter lost;

        TimedHold(Tags tags) {
            this.tags = tags;
            this.active = LongTaskTimer.builder("coord.lock.active")
                    .description("Holdings of the lock that go on")
                    .tags(tags)
                    .register(registry)
                    .start();
            this.lost = Counter.builder("coord.lock.lost")
                    .description("Locks that were lost while they were held")
                    .tags(tags)
                    .register(registry);
        }

        @Override
        public void onLost() {
            lost.increment();
        }

        @Override
        public void onReleased(@Nullable Throwable failure) {
            active.stop();
            sample.stop(Timer.builder("coord.lock.hold")
                    .description("Time that the lock was held")
                    .tags(tags)
                    .register(registry));
        }
    }
}
