package io.coord.spring.autoconfigure.recipes;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Begins something once the context is ready, and ends it in a phase of the context's stop. What has ended does not begin again: a context
 * that was stopped does not do it a second time.
 */
final class ReadyLifecycle implements SmartLifecycle, ApplicationListener<ContextRefreshedEvent> {

    private final ApplicationContext context;
    private final int phase;
    private final Runnable begin;
    private final Runnable end;
    private volatile boolean running;

    /**
     * @param phase of the stop
     * @param begin run once
     * @param end may block
     */
    ReadyLifecycle(ApplicationContext context, int phase, Runnable begin, Runnable end) {
        this.context = context;
        this.phase = phase;
        this.begin = begin;
        this.end = end;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == context) {
            begin.run();
        }
    }

    @Override
    public void stop() {
        running = false;
        end.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    /** Tests pause contexts that they keep; what has ended would be missing afterwards. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
