package io.coord.spring.cloud;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplierBuilder;
import org.springframework.cloud.loadbalancer.support.LoadBalancerEnvironmentPropertyUtils;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The values of {@code spring.cloud.loadbalancer.configurations} that Coord's instances are offered under. With {@code health-check}, Spring
 * Cloud's own supplier asks the discovery client again and again, and calls each instance.
 */
enum BalancerConfiguration {
    DEFAULT,
    ZONE_PREFERENCE,
    REQUEST_BASED_STICKY_SESSION,
    SAME_INSTANCE_PREFERENCE,
    WEIGHTED,
    SUBSET;

    /** What the environment of one load-balanced client says; empty for a value that is none of these. */
    static Optional<BalancerConfiguration> of(Environment environment) {
        return Arrays.stream(values())
                .filter(each -> each.isSelected(environment))
                .findFirst();
    }

    private boolean isSelected(Environment environment) {
        String value = name().toLowerCase(Locale.ROOT).replace('_', '-');
        return this == DEFAULT
                ? LoadBalancerEnvironmentPropertyUtils.equalToOrMissingForClientOrDefault(
                        environment, "configurations", value)
                : LoadBalancerEnvironmentPropertyUtils.equalToForClientOrDefault(environment, "configurations", value);
    }

    ServiceInstanceListSupplierBuilder applyTo(ServiceInstanceListSupplierBuilder builder) {
        return switch (this) {
            case DEFAULT -> builder;
            case ZONE_PREFERENCE -> builder.withZonePreference();
            case REQUEST_BASED_STICKY_SESSION -> builder.withRequestBasedStickySession();
            case SAME_INSTANCE_PREFERENCE -> builder.withSameInstancePreference();
            case WEIGHTED -> builder.withWeighted();
            case SUBSET -> builder.withSubset();
        };
    }

    /** Matches when the client's configuration is one of these. */
    static final class OnSelected implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return of(context.getEnvironment()).isPresent();
        }
    }
}
