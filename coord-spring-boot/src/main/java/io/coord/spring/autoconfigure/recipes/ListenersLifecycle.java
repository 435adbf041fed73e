package io.coord.spring.autoconfigure.recipes;

import io.coord.spring.discovery.ServiceListeners;
import io.coord.spring.watch.NodeListeners;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Tells methods of nodes and services once the context is ready, and no more before roles are given up and caches are closed. A context
 * that was stopped tells nothing again.
 */
final class ListenersLifecycle implements SmartLifecycle, ApplicationListener<ContextRefreshedEvent> {

    /** Stops before the roles, which stop before the caches. */
    private static final int PHASE = RecipeBeansLifecycle.PHASE + 2;

    private final NodeListeners nodes;
    private final @Nullable ServiceListeners services;
    private final ApplicationContext context;
    private final Duration patience;
    private volatile boolean running;

    /** @param patience how long the stop waits for each method that is being called */
    ListenersLifecycle(
            NodeListeners nodes, @Nullable ServiceListeners services, ApplicationContext context, Duration patience) {
        this.nodes = nodes;
        this.services = services;
        this.context = context;
        this.patience = patience;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == context) {
            nodes.start();
            if (services != null) {
                services.start();
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        nodes.stop(patience);
        if (services != null) {
            services.stop(patience);
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

    /** Tests pause contexts that they keep; closed caches would tell nothing afterwards. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
