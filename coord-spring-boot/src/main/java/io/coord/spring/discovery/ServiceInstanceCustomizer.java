package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceInstance;

/**
 * Changes what this application registers about itself, after all properties were applied. Beans of this type are called in their
 * order.
 */
@FunctionalInterface
public interface ServiceInstanceCustomizer {

    void customize(ServiceInstance.Builder<InstanceDetails> instance);
}
