package io.coord.recipes.discovery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One running instance of a service.
 *
 * <pre>{@code
 * ServiceInstance<Payload> instance = ServiceInstance.<Payload>builder("shop")
 *         .id("shop-3")
 *         .address("10.0.0.3")
 *         .port(8080)
 *         .payload(new Payload("north", 100))
 *         .serviceType(ServiceType.DYNAMIC)
 *         .uriSpec(UriSpec.parse("{scheme}://{address}:{port}"))
 *         .build();
 * String uri = instance.buildUriSpec();
 * }</pre>
 *
 * @param name of the service, one element of a path
 * @param id of the instance, one element of a path, unique within the service
 * @param payload what else there is to know, in JSON; may be null
 * @param registrationTimeUtc milliseconds since the epoch, by the instance's own clock
 * @param enabled whether the instance wants to be called; Curator leaves it out of its JSON unless told otherwise
 */
public record ServiceInstance<T>(
        String name,
        String id,
        @Nullable String address,
        @Nullable Integer port,
        @Nullable Integer sslPort,
        @Nullable T payload,
        long registrationTimeUtc,
        ServiceType serviceType,
        @Nullable UriSpec uriSpec,
        boolean enabled) {
    public ServiceInstance {
        requireElement("name", name);
        requireElement("id", id);
    }

    private static void requireElement(String what, String value) {
        if (value.isEmpty() || value.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "the " + what + " of a service instance must be one element of a path, not \"" + value + '"');
        }
    }

    /** A dynamic instance with a random id, this machine's address and the present time, unless set otherwise. */
    public static <T> Builder<T> builder(String name) {
        return new Builder<>(name);
    }

    /** The address by the instance's own template; empty without one. */
    public String buildUriSpec() {
        return buildUriSpec(Map.of());
    }

    /** @param variables go before what the instance itself defines */
    public String buildUriSpec(Map<String, ?> variables) {
        return uriSpec == null ? "" : uriSpec.build(this, variables);
    }

    /** The same instance with other values. */
    public Builder<T> toBuilder() {
        Builder<T> builder = new Builder<>(name);
        builder.id = id;
        builder.address = address;
        builder.port = port;
        builder.sslPort = sslPort;
        builder.payload = payload;
        builder.registrationTimeUtc = registrationTimeUtc;
        builder.serviceType = serviceType;
        builder.uriSpec = uriSpec;
        builder.enabled = enabled;
        return builder;
    }

    /** Settings of an instance. Not thread-safe. */
    public static final class Builder<T> {
        private final String name;
        private String id = UUID.randomUUID().toString();
        private @Nullable String address;
        private @Nullable Integer port;
        private @Nullable Integer sslPort;
        private @Nullable T payload;
        private long registrationTimeUtc = System.currentTimeMillis();
        private ServiceType serviceType = ServiceType.DYNAMIC;
        private @Nullable UriSpec uriSpec;
        private boolean enabled = true;

        private Builder(String name) {
            this.name = name;
        }

        /** A fixed id lets a restarted instance take over what its predecessor left. */
        public Builder<T> id(String instanceId) {
            this.id = instanceId;
            return this;
        }

        public Builder<T> address(String host) {
            this.address = host;
            return this;
        }

        public Builder<T> port(int number) {
            this.port = number;
            return this;
        }

        public Builder<T> sslPort(int number) {
            this.sslPort = number;
            return this;
        }

        public Builder<T> payload(@Nullable T data) {
            this.payload = data;
            return this;
        }

        /** @param epochMs milliseconds since the epoch */
        public Builder<T> registrationTimeUtc(long epochMs) {
            this.registrationTimeUtc = epochMs;
            return this;
        }

        public Builder<T> serviceType(ServiceType type) {
            this.serviceType = type;
            return this;
        }

        public Builder<T> uriSpec(UriSpec template) {
            this.uriSpec = template;
            return this;
        }

        public Builder<T> enabled(boolean wantsCalls) {
            this.enabled = wantsCalls;
            return this;
        }

        public ServiceInstance<T> build() {
            String host = address == null ? ownAddress() : address;
            return new ServiceInstance<>(
                    name, id, host, port, sslPort, payload, registrationTimeUtc, serviceType, uriSpec, enabled);
        }
    }

    /** The first address that others may reach this machine by, IPv4 before IPv6; null when there is none. */
    private static @Nullable String ownAddress() {
        try {
            InetAddress found = null;
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress candidate : Collections.list(each.getInetAddresses())) {
                    boolean reachable =
                            !candidate.isLoopbackAddress() && !candidate.isLinkLocalAddress() && each.isUp();
                    if (reachable && (found == null || candidate instanceof Inet4Address)) {
                        found = candidate;
                    }
                    if (found instanceof Inet4Address) {
                        return found.getHostAddress();
                    }
                }
            }
            return found == null ? null : found.getHostAddress();
        } catch (SocketException e) {
            throw new IllegalStateException("this machine's addresses cannot be read; set the address", e);
        }
    }
}
