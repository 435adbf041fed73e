package io.coord.spring.cloud;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Services from the application's directory. It asks no server: without a connection it answers with what was known last, and {@link
 * CoordDiscoveryHealthIndicator} says so. Before the directory was complete for the first time it waits for that, for {@code
 * coord.request-timeout} at most.
 *
 * <p>Thread-safe: immutable.
 */
public final class CoordDiscoveryClient implements DiscoveryClient {

    private final KnownServices services;
    private final int order;

    CoordDiscoveryClient(KnownServices services, int order) {
        this.services = services;
        this.order = order;
    }

    @Override
    public String description() {
        return "Coord Discovery Client";
    }

    /** All instances that are registered, those that are out of service, too. */
    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        services.awaitFilled();
        return services.instances(serviceId);
    }

    @Override
    public List<String> getServices() {
        services.awaitFilled();
        return services.names();
    }

    /** @throws IllegalStateException when nothing has been heard of the servers yet */
    @Override
    public void probe() {
        if (!services.isFilled()) {
            throw new IllegalStateException("no services are known: the servers have not been in reach yet");
        }
    }

    @Override
    public int getOrder() {
        return order;
    }
}
