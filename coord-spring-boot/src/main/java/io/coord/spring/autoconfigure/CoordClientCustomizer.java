package io.coord.spring.autoconfigure;

import io.coord.client.CoordClientBuilder;

/**
 * Changes the client before it is built, after all properties were applied to it. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface CoordClientCustomizer {

    void customize(CoordClientBuilder builder);
}
