package io.coord.spring.leader;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the application step down from all roles while it is unhealthy. Its own thread looks at the health now and then, by way of another
 * one: a look that does not come back counts as unhealthy.
 *
 * <p>Thread-safe: what changes belongs to the thread that looks.
 */
public final class LeaderYield implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(LeaderYield.class);

    private final LeaderRoles roles;
    private final BooleanSupplier healthy;
    private final Settings settings;
    private final LongSupplier nanoTime;
    private final YieldRule rule;
    private final ExecutorService looks =
            Executors.newSingleThreadExecutor(task -> daemon(task, "coord-leader-health"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "coord-leader-yield"));
    private @Nullable CompletableFuture<Boolean> look;
    private boolean mayLead = true;

    /**
     * When to yield.
     *
     * @param downFor how long the application is unhealthy, without a break, before it steps down
     * @param upFor how long it is healthy, without a break, before it contends again
     * @param checkInterval between two looks; also how long one may take
     * @param patience how long to wait for methods of a role before others may lead
     */
    public record Settings(Duration downFor, Duration upFor, Duration checkInterval, Duration patience) {}

    /** @param healthy may block; what it throws counts as unhealthy */
    public LeaderYield(LeaderRoles roles, BooleanSupplier healthy, Settings settings) {
        this(roles, healthy, settings, System::nanoTime);
    }

    LeaderYield(LeaderRoles roles, BooleanSupplier healthy, Settings settings, LongSupplier nanoTime) {
        this.roles = roles;
        this.healthy = healthy;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.rule = new YieldRule(settings.downFor(), settings.upFor());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to look at the health. */
    @SuppressWarnings("FutureReturnValueIgnored") // Runs until it is closed, and catches what may be thrown.
    public void start() {
        long interval = settings.checkInterval().toMillis();
        timer.scheduleWithFixedDelay(() -> look(looks), 0, Math.max(1, interval), TimeUnit.MILLISECONDS);
    }

    /** One look, and what follows from it. */
    void look(Executor executor) {
        boolean reading = reading(executor);
        boolean may = rule.read(reading, nanoTime.getAsLong());
        if (may == mayLead) {
            return;
        }
        mayLead = may;
        if (may) {
            logger.info(
                    "Healthy for {} ms: this application contends for its roles again",
                    settings.upFor().toMillis());
            roles.resume();
        } else {
            logger.warn(
                    "Unhealthy for {} ms: this application leads nothing until it has been healthy for {} ms",
                    settings.downFor().toMillis(),
                    settings.upFor().toMillis());
            roles.stepDown(settings.patience());
        }
    }

    private boolean reading(Executor executor) {
        CompletableFuture<Boolean> present = look;
        if (present == null) {
            present = CompletableFuture.supplyAsync(healthy::getAsBoolean, executor);
        }
        look = null;
        try {
            return present.get(settings.checkInterval().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            logger.warn("The health that decides about leading cannot be read and counts as down", e.getCause());
            return false;
        } catch (TimeoutException e) {
            look = present;
            return false;
        } catch (InterruptedException e) {
            look = present;
            Thread.currentThread().interrupt();
            return mayLead;
        }
    }

    /** Looks no more. Roles stay as they are. */
    @Override
    public void close() {
        timer.shutdownNow();
        looks.shutdownNow();
    }
}
