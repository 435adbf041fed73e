package io.coord.sample;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Makes the shop before the web server takes the first order: after the client has started, before the caches, the election
 * and the registration do. On the thread that starts the application.
 */
@Component
class ShopLifecycle implements SmartLifecycle {

    private final ShopTree tree;
    private final ConfigFollower config;
    private final EventLog events;
    private final Environment environment;
    private volatile boolean running;

    ShopLifecycle(ShopTree tree, ConfigFollower config, EventLog events, Environment environment) {
        this.tree = tree;
        this.config = config;
        this.events = events;
        this.environment = environment;
    }

    @Override
    public void start() {
        if (tree.createIfMissing()) {
            events.add("This is a new shop");
        }
        config.load();
        running = true;
    }

    @EventListener(ApplicationReadyEvent.class)
    void open() {
        events.add("The shop is open at http://localhost:" + environment.getProperty("local.server.port") + "/");
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
