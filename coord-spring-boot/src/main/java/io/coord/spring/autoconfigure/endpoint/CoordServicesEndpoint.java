package io.coord.spring.autoconfigure.endpoint;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** The services that this application knows. It sends nothing. Thread-safe: immutable. */
@Endpoint(id = "coordservices")
final class CoordServicesEndpoint {

    private final ServiceDirectory<?> directory;
    private final InstanceId self;

    CoordServicesEndpoint(ServiceDirectory<?> directory, InstanceId self) {
        this.directory = directory;
        this.self = self;
    }

    /**
     * All services.
     *
     * @param inSync whether the servers are in reach; otherwise it is what was known last
     */
    record Services(boolean inSync, Map<String, List<Instance>> services) {}

    /**
     * An instance of a service.
     *
     * @param here whether it is this application
     * @param enabled whether it wants to be called
     * @param registered by its own clock
     */
    record Instance(
            String id,
            boolean here,
            @Nullable String address,
            @Nullable Integer port,
            @Nullable Integer sslPort,
            boolean enabled,
            Instant registered,
            @Nullable Map<String, String> metadata) {}

    @ReadOperation
    Services services() {
        Map<String, List<Instance>> services = new TreeMap<>();
        directory.names().forEach(name -> services.put(name, instances(name)));
        return new Services(directory.isInSync(), services);
    }

    /** One service; null, which is 404, when it has no instance. */
    @ReadOperation
    @Nullable
    Services service(@Selector String name) {
        List<Instance> instances = instances(name);
        return instances.isEmpty() ? null : new Services(directory.isInSync(), Map.of(name, instances));
    }

    private List<Instance> instances(String service) {
        List<Instance> instances = new ArrayList<>();
        for (ServiceInstance<?> each : directory.instances(service)) {
            instances.add(new Instance(
                    each.id(),
                    each.id().equals(self.value()),
                    each.address(),
                    each.port(),
                    each.sslPort(),
                    each.enabled(),
                    Instant.ofEpochMilli(each.registrationTimeUtc()),
                    each.payload() instanceof InstanceDetails details ? details.metadata() : null));
        }
        return instances;
    }
}
