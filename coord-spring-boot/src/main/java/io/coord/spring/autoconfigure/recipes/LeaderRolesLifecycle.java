package io.coord.spring.autoconfigure.recipes;

import io.coord.spring.leader.LeaderAdvisor;
import io.coord.spring.leader.LeaderRoles;
import java.time.Duration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Contends for roles once the context is ready, and gives them up before requests are drained and caches are closed. A context that was
 * stopped does not contend again.
 */
final class LeaderRolesLifecycle implements SmartLifecycle, ApplicationListener<ContextRefreshedEvent> {

    /** Stops before the caches that leaders may look into. */
    private static final int PHASE = RecipeBeansLifecycle.PHASE + 1;

    private final LeaderRoles roles;
    private final LeaderAdvisor advisor;
    private final ApplicationContext context;
    private final Duration patience;
    private volatile boolean running;

    /** @param patience how long the stop waits for the methods of a role */
    LeaderRolesLifecycle(LeaderRoles roles, LeaderAdvisor advisor, ApplicationContext context, Duration patience) {
        this.roles = roles;
        this.advisor = advisor;
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
            roles.start(advisor.roles());
        }
    }

    @Override
    public void stop() {
        running = false;
        roles.stop(patience);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Tests pause contexts that they keep; roles that were given up are not contended for again. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
