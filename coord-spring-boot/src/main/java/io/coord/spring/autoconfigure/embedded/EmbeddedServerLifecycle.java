package io.coord.spring.autoconfigure.embedded;

import io.coord.server.EmbeddedServer;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the server before the client and closes it after that. A closed server cannot start again, so a context that was stopped
 * cannot either.
 */
final class EmbeddedServerLifecycle implements SmartLifecycle {

    /** Before the client's {@code MIN_VALUE + 1000}. */
    static final int PHASE = Integer.MIN_VALUE + 500;

    private final EmbeddedServer server;
    private volatile boolean running;

    EmbeddedServerLifecycle(EmbeddedServer server) {
        this.server = server;
    }

    @Override
    public void start() {
        server.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        server.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Tests pause contexts that they keep; a paused server would be a closed one. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
