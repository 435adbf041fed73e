package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.cloud.client.discovery.health.DiscoveryHealthIndicator;

/**
 * What the directory can answer, as part of Spring Cloud's {@code discoveryComposite}. Sends nothing. It is up while the servers are away,
 * since callers are served from what was known last; whether the connection is well is told by {@code coord}.
 *
 * <p>Thread-safe: immutable.
 */
final class CoordDiscoveryHealthIndicator implements DiscoveryHealthIndicator {

    private final ServiceDirectory<?> directory;

    CoordDiscoveryHealthIndicator(ServiceDirectory<?> directory) {
        this.directory = directory;
    }

    @Override
    public String getName() {
        return "coord";
    }

    @Override
    public Health health() {
        boolean inSync = directory.isInSync();
        return new Health.Builder()
                .status(status(inSync))
                .withDetail("inSync", inSync)
                .withDetail("services", directory.names())
                .withDetail("instances", directory.size())
                .build();
    }

    private Status status(boolean inSync) {
        if (!directory.isInitialized()) {
            return new Status(Status.UNKNOWN.getCode(), "No services are known yet");
        }
        return new Status(
                Status.UP.getCode(),
                inSync ? "Follows the servers" : "The servers are out of reach: answers with what was known last");
    }
}
