package io.coord.spring.autoconfigure.recipes;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.UriSpec;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.ApplicationDescription;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.discovery.InstanceStatus;
import io.coord.spring.discovery.ServiceInstanceCustomizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What this application registers about itself. Its port is known only once its web server has started. Thread-safe: immutable. */
final class ApplicationInstance implements ApplicationDescription {

    /** Spring Cloud Zookeeper shows an instance without a template with an empty URI. */
    private static final String URI_SPEC = "{scheme}://{address}:{port}";

    private static final String SECURE_URI_SPEC = "{scheme}://{address}:{ssl-port}";

    private final CoordProperties.Discovery properties;
    private final InstanceId id;
    private final Environment environment;
    private final ObjectProvider<ServiceInstanceCustomizer> customizers;

    ApplicationInstance(
            CoordProperties.Discovery properties,
            InstanceId id,
            Environment environment,
            ObjectProvider<ServiceInstanceCustomizer> customizers) {
        this.properties = properties;
        this.id = id;
        this.environment = environment;
        this.customizers = customizers;
    }

    @Override
    public Optional<ServiceInstance<InstanceDetails>> describe() {
        String name = StringUtils.hasText(properties.name())
                ? properties.name()
                : environment.getProperty("spring.application.name");
        if (!StringUtils.hasText(name)) {
            return Optional.empty();
        }
        String problem = CoordProperties.problemOfElement(name);
        if (problem != null) {
            throw new InvalidConfigurationPropertyValueException(
                    StringUtils.hasText(properties.name()) ? "coord.discovery.name" : "spring.application.name",
                    name,
                    problem
                            + " Set 'coord.discovery.name' to a name for the service, or 'coord.discovery.register' to false.");
        }
        ServiceInstance.Builder<InstanceDetails> instance = ServiceInstance.<InstanceDetails>builder(name)
                .id(id.value())
                .uriSpec(uriSpec())
                .payload(new InstanceDetails(id.value(), name, metadata()));
        Integer port = port();
        if (port != null) {
            instance.port(port);
        }
        if (properties.sslPort() != null) {
            instance.sslPort(properties.sslPort());
        }
        if (StringUtils.hasText(properties.host())) {
            instance.address(properties.host());
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(instance));
        return Optional.of(instance.build());
    }

    private UriSpec uriSpec() {
        if (!StringUtils.hasText(properties.uriSpec())) {
            return UriSpec.parse(properties.sslPort() == null ? URI_SPEC : SECURE_URI_SPEC);
        }
        try {
            return UriSpec.parse(properties.uriSpec());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "coord.discovery.uri-spec", properties.uriSpec(), "Its braces do not match.");
        }
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new HashMap<>(properties.metadata());
        if (StringUtils.hasText(properties.initialStatus())) {
            metadata.put(InstanceStatus.KEY, properties.initialStatus());
        }
        return metadata;
    }

    /** Null without a web server, and with one that listens nowhere ({@code server.port=-1}). */
    private @Nullable Integer port() {
        if (properties.port() != null) {
            return properties.port();
        }
        Integer port = environment.getProperty("local.server.port", Integer.class);
        return port == null || port < 1 ? null : port;
    }
}
