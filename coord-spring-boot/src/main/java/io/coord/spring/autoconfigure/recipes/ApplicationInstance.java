package io.coord.spring.autoconfigure.recipes;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.discovery.ServiceInstanceCustomizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What this application registers about itself. Its port is known only once its web server has started. */
final class ApplicationInstance {

    private static final Logger logger = LoggerFactory.getLogger(ApplicationInstance.class);

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

    /** Empty when the application is not to be registered, or cannot be: then the log says why. */
    Optional<ServiceInstance<InstanceDetails>> build() {
        if (!properties.register()) {
            return Optional.empty();
        }
        String name = StringUtils.hasText(properties.name())
                ? properties.name()
                : environment.getProperty("spring.application.name");
        if (!StringUtils.hasText(name)) {
            logger.info("This application is not registered as a service, because it has no name: set"
                    + " 'spring.application.name' or 'coord.discovery.name'");
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
        Integer port = port();
        if (port == null) {
            logger.info("This application is not registered as a service, because it has no web server: set"
                    + " 'coord.discovery.port' if it listens on a port of its own");
            return Optional.empty();
        }
        ServiceInstance.Builder<InstanceDetails> instance = ServiceInstance.<InstanceDetails>builder(name)
                .id(id.value())
                .port(port)
                .payload(new InstanceDetails(id.value(), name, properties.metadata()));
        if (StringUtils.hasText(properties.host())) {
            instance.address(properties.host());
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(instance));
        return Optional.of(instance.build());
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
