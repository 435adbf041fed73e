package io.coord.spring.autoconfigure;

import io.coord.client.CoordClientBuilder;

/**
 * Changes the client before it is built, after all properties were applied to it. Beans of this type are called in their order.
 *
 * <p>A client of {@code coord.clients} is changed by the beans that have its name as their qualifier, and by no others. Such a bean is
 * to be no default candidate, so that it leaves the client without a name alone:
 *
 * <pre>{@code
 * @Bean(defaultCandidate = false)
 * @Qualifier("audit")
 * CoordClientCustomizer auditClient() {
 *     return builder -> builder.maxPendingRequests(100);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface CoordClientCustomizer {

    void customize(CoordClientBuilder builder);
}
