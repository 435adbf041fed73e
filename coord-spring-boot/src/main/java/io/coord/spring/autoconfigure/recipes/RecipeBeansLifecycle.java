package io.coord.spring.autoconfigure.recipes;

import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.leader.LeaderLatch;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the caches, directories and candidates that are beans once the application listens, and closes them before it drains. Neither can start
 * again once it was closed, so a context that was stopped cannot either.
 */
final class RecipeBeansLifecycle implements SmartLifecycle {

    /** After the web server started and before it drains: its phases lie more than 1000 before the last. */
    static final int PHASE = DEFAULT_PHASE - 1000;

    private static final Logger logger = LoggerFactory.getLogger(RecipeBeansLifecycle.class);

    private final ListableBeanFactory beans;
    private final List<AutoCloseable> started = new ArrayList<>();
    private volatile boolean running;

    RecipeBeansLifecycle(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void start() {
        for (CoordCache cache :
                beans.getBeansOfType(CoordCache.class, false, true).values()) {
            if (!cache.isStarted()) {
                cache.start();
            }
            started.add(cache);
        }
        for (ServiceDirectory<?> directory :
                beans.getBeansOfType(ServiceDirectory.class, false, true).values()) {
            if (!directory.isStarted()) {
                directory.start();
            }
            started.add(directory);
        }
        // Candidates last: who leads may look into a cache.
        for (LeaderLatch latch :
                beans.getBeansOfType(LeaderLatch.class, false, true).values()) {
            if (!latch.isStarted()) {
                latch.start();
            }
            started.add(latch);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        for (int i = started.size() - 1; i >= 0; i--) {
            try {
                started.get(i).close();
            } catch (Exception e) {
                logger.warn("{} could not be closed", started.get(i), e);
            }
        }
        started.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Tests pause contexts that they keep; a paused recipe would be a closed one. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
