package io.coord.spring.autoconfigure;

import io.coord.client.CoordClient;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the client before everything that may use it and closes it after that has stopped. A closed client cannot start again, so a
 * context that was stopped cannot either.
 */
final class CoordClientLifecycle implements SmartLifecycle {

    /** Early among all, with some room before it for servers. */
    static final int PHASE = Integer.MIN_VALUE + 1000;

    private static final Logger logger = LoggerFactory.getLogger(CoordClientLifecycle.class);

    private final CoordClient client;
    private final CoordServers servers;
    private final CoordStartup startup;
    private final Duration waitTimeout;
    private volatile boolean running;

    CoordClientLifecycle(CoordClient client, CoordServers servers, CoordStartup startup, Duration waitTimeout) {
        this.client = client;
        this.servers = servers;
        this.startup = startup;
        this.waitTimeout = waitTimeout;
    }

    @Override
    public void start() {
        client.start();
        running = true;
        if (startup != CoordStartup.LAZY && !client.blockUntilConnected(waitTimeout)) {
            if (startup == CoordStartup.FAIL) {
                throw new ServersUnreachableException(servers.addresses(), waitTimeout);
            }
            logger.warn(
                    "No connection to {} within {} ms; the application goes on without it (coord.startup is 'wait')",
                    servers.phrase(),
                    waitTimeout.toMillis());
        }
    }

    @Override
    public void stop() {
        running = false;
        client.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Tests pause contexts that they keep; a paused client would be a closed one. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
