package io.coord.spring.cloud;

import io.coord.spring.discovery.InstanceDetails;
import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;

/**
 * An instance of a service that Coord's directory knows, with the fields as Spring Cloud Zookeeper fills them.
 *
 * <p>Thread-safe: immutable.
 */
public final class CoordServiceInstance implements ServiceInstance {

    private final io.coord.recipes.discovery.ServiceInstance<?> registered;
    private final String host;

    private CoordServiceInstance(io.coord.recipes.discovery.ServiceInstance<?> registered, String host) {
        this.registered = registered;
        this.host = host;
    }

    /**
     * Shows a registered instance.
     *
     * @throws IllegalArgumentException when it has no address, so that nobody could call it
     */
    public static CoordServiceInstance of(io.coord.recipes.discovery.ServiceInstance<?> registered) {
        String address = registered.address();
        if (address == null) {
            throw new IllegalArgumentException(
                    "instance " + registered.id() + " of service " + registered.name() + " has no address");
        }
        return new CoordServiceInstance(registered, address);
    }

    /** What the instance has registered, its payload included. */
    public io.coord.recipes.discovery.ServiceInstance<?> registered() {
        return registered;
    }

    @Override
    public String getInstanceId() {
        return registered.id();
    }

    @Override
    public String getServiceId() {
        return registered.name();
    }

    @Override
    public String getHost() {
        return host;
    }

    /** The SSL port if there is one, else the plain one; 0 when it has registered neither. */
    @Override
    public int getPort() {
        if (registered.sslPort() != null) {
            return registered.sslPort();
        }
        return registered.port() == null ? 0 : registered.port();
    }

    /** Whether the instance has an SSL port. */
    @Override
    public boolean isSecure() {
        return registered.sslPort() != null;
    }

    /** By the template that the instance has registered; without one, or when that yields none, of scheme, host and port. */
    @Override
    public URI getUri() {
        String uri = registered.buildUriSpec();
        if (!uri.isEmpty()) {
            try {
                return URI.create(uri);
            } catch (IllegalArgumentException e) {
                return ServiceInstance.createUri(this);
            }
        }
        return ServiceInstance.createUri(this);
    }

    /** The metadata of an instance that Coord or Spring Cloud Zookeeper has registered, else none. Unmodifiable. */
    @Override
    public Map<String, String> getMetadata() {
        return registered.payload() instanceof InstanceDetails details ? details.metadata() : Map.of();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CoordServiceInstance that && registered.equals(that.registered);
    }

    @Override
    public int hashCode() {
        return registered.hashCode();
    }

    @Override
    public String toString() {
        return "CoordServiceInstance[" + getServiceId() + "/" + getInstanceId() + " at " + getUri() + ", metadata="
                + getMetadata() + "]";
    }
}
