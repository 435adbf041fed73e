package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.discovery.ApplicationDescription;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceStatus;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.client.serviceregistry.Registration;

/**
 * What an application registers: itself, which is the bean of this type, or a further instance. The port of the application's own is 0
 * until its web server has started.
 *
 * <p>Thread-safe: metadata are a concurrent map.
 */
public final class CoordRegistration implements Registration {

    private final ApplicationDescription description;
    private final Map<String, String> metadata = new ConcurrentHashMap<>();

    CoordRegistration(ApplicationDescription description) {
        this.description = description;
    }

    /** A further instance, for {@link CoordServiceRegistry#register}. */
    public static CoordRegistration of(ServiceInstance<InstanceDetails> instance) {
        return new CoordRegistration(() -> Optional.of(instance));
    }

    /**
     * What is registered: the described instance, with the metadata as they are here.
     *
     * @throws IllegalStateException when it has no name or no port yet
     */
    public ServiceInstance<InstanceDetails> instance() {
        ServiceInstance<InstanceDetails> described = description
                .describe()
                .orElseThrow(() -> new IllegalStateException("The application has no name to register under: set"
                        + " 'spring.application.name' or 'coord.discovery.name'"));
        if (described.port() == null && described.sslPort() == null) {
            throw new IllegalStateException(
                    "The application has no port to register: its web server has not started, or"
                            + " 'coord.discovery.port' must say which");
        }
        return withMetadata(described);
    }

    /** The instance with the metadata of this registration. */
    ServiceInstance<InstanceDetails> withMetadata(ServiceInstance<InstanceDetails> instance) {
        InstanceDetails details = instance.payload();
        Map<String, String> merged = new HashMap<>(details == null ? Map.of() : details.metadata());
        merged.putAll(metadata);
        return instance.toBuilder()
                .payload(new InstanceDetails(
                        details == null ? instance.id() : details.id(),
                        details == null ? instance.name() : details.name(),
                        merged))
                .build();
    }

    String status() {
        return InstanceStatus.of(getMetadata());
    }

    void status(String status) {
        metadata.put(InstanceStatus.KEY, status);
    }

    @Override
    public String getInstanceId() {
        return description.describe().map(ServiceInstance::id).orElse("");
    }

    /** Empty when the application has no name. */
    @Override
    public String getServiceId() {
        return description.describe().map(ServiceInstance::name).orElse("");
    }

    /** Empty when this machine has no address and none is set. */
    @Override
    public String getHost() {
        return shown().map(CoordServiceInstance::getHost).orElse("");
    }

    /** 0 as long as there is none. */
    @Override
    public int getPort() {
        return shown().map(CoordServiceInstance::getPort).orElse(0);
    }

    @Override
    public boolean isSecure() {
        return shown().map(CoordServiceInstance::isSecure).orElse(false);
    }

    @Override
    public URI getUri() {
        return shown().map(CoordServiceInstance::getUri)
                .orElseGet(() -> org.springframework.cloud.client.ServiceInstance.createUri(this));
    }

    private Optional<CoordServiceInstance> shown() {
        return description
                .describe()
                .filter(instance -> instance.address() != null)
                .map(CoordServiceInstance::of);
    }

    /**
     * The metadata that are registered. What is put here before the registration, in a listener of {@code InstancePreRegisteredEvent}
     * for instance, is registered, too.
     */
    @Override
    public Map<String, String> getMetadata() {
        description
                .describe()
                .map(ServiceInstance::payload)
                .ifPresent(details -> details.metadata().forEach(metadata::putIfAbsent));
        return metadata;
    }

    @Override
    public String toString() {
        return "CoordRegistration[" + getServiceId() + "/" + getInstanceId() + "]";
    }
}
