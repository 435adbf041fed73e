package io.coord.spring.autoconfigure;

import io.coord.client.CoordClient;
import io.coord.client.error.AuthFailedException;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
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

    private final String key;
    private final CoordClient client;
    private final CoordServers servers;
    private final CoordStartup startup;
    private final Duration waitTimeout;
    private final FirstConnection connection;
    private final boolean startedBefore;
    private volatile boolean running;

    /**
     * @param key that the client's settings lie below, for messages
     * @param startedBefore whether the client needs no start, because it was there before the context
     */
    CoordClientLifecycle(
            String key,
            CoordClient client,
            CoordServers servers,
            CoordStartup startup,
            Duration waitTimeout,
            boolean startedBefore) {
        this.key = key;
        this.client = client;
        this.servers = servers;
        this.startup = startup;
        this.waitTimeout = waitTimeout;
        this.connection = new FirstConnection(key, client, servers);
        this.startedBefore = startedBefore;
    }

    @Override
    public void start() {
        if (!startedBefore) {
            client.start();
        }
        running = true;
        if (startup == CoordStartup.LAZY) {
            return;
        }
        try {
            awaitConnection();
            checkAccess();
        } catch (ServersUnreachableException | AccessRefusedException e) {
            if (startup == CoordStartup.FAIL) {
                throw e;
            }
            logger.warn("{}; the application goes on ({}.startup is 'wait')", e.getMessage(), key);
        }
    }

    private void awaitConnection() {
        if (!connection.await(waitTimeout)) {
            throw new ServersUnreachableException(key, servers.addresses(), waitTimeout, null);
        }
    }

    /** A session says nothing about credentials, which the servers judge afterwards, nor about the chroot. */
    private void checkAccess() {
        try {
            if (client.usingNamespace("").checkExists().forPath("/") == null) {
                throw new AccessRefusedException(
                        "The " + servers.phrase()
                                + " have no znode at the path that ends the connect string (its chroot), so"
                                + " nothing can be created below it",
                        "Create it, or leave it out of '" + key + ".connect-string' and use '" + key
                                + ".namespace', which is created when it is needed.");
            }
        } catch (AuthFailedException e) {
            throw connection.refused(e);
        } catch (CallInterruptedException e) {
            throw e;
        } catch (CoordException e) {
            throw new ServersUnreachableException(key, servers.addresses(), waitTimeout, e);
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
