package io.coord.spring.autoconfigure.health;

import org.springframework.boot.health.contributor.Health;

/** What the server in this process adds to the connection's health. Thread-safe. */
interface ServerHealth {

    /**
     * Adds what there is to know about the server.
     *
     * @return false when the server serves no writes, which the client's connection does not show
     */
    boolean describe(Health.Builder health);
}
