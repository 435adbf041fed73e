package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Publishes a {@link HeartbeatEvent} when services have changed, which gateways and the like wait for: one once the context is ready, then
 * one for each change or for several at a time, and none once the application stops.
 *
 * <p>Started and stopped by the thread that does so with the context; events are published on a thread of their own.
 */
final class CatalogueEvents implements SmartLifecycle, ApplicationListener<ContextRefreshedEvent> {

    /** Stops before the directories are closed, which is before the web server drains. */
    private static final int PHASE = DEFAULT_PHASE - 998;

    private final ServiceDirectory<?> directory;
    private final ApplicationContext context;
    private final Duration patience;
    private final AtomicLong version = new AtomicLong();
    private volatile @Nullable DirectoryFollower follower;
    private volatile boolean running;

    /** @param patience how long the stop waits for listeners that are being told */
    CatalogueEvents(ServiceDirectory<?> directory, ApplicationContext context, Duration patience) {
        this.directory = directory;
        this.context = context;
        this.patience = patience;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == context && follower == null) {
            DirectoryFollower started = new DirectoryFollower(
                    directory,
                    "coord-catalogue-events",
                    patience,
                    () -> context.publishEvent(new HeartbeatEvent(directory, version.incrementAndGet())));
            follower = started;
            started.changed();
        }
    }

    @Override
    public void stop() {
        running = false;
        DirectoryFollower started = follower;
        if (started != null) {
            started.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Tests pause contexts that they keep; a closed directory would tell nothing afterwards. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
