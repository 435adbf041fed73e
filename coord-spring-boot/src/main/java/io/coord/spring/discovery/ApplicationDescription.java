package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceInstance;
import java.util.Optional;

/** What this application registers about itself. */
@FunctionalInterface
public interface ApplicationDescription {

    /**
     * The application as an instance of its service, at the moment. It has no port while its web server has not started, and without
     * one unless {@code coord.discovery.port} says which. {@link ServiceInstanceCustomizer}s are applied.
     *
     * @return empty when the application has no name
     * @throws org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException when properties describe
     *     no instance
     */
    Optional<ServiceInstance<InstanceDetails>> describe();
}
