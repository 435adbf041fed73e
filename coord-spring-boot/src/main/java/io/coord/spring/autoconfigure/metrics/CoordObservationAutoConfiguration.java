package io.coord.spring.autoconfigure.metrics;

import io.coord.client.CoordClient;
import io.coord.client.spi.ClientMetrics;
import io.coord.recipes.lock.Lease;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.observation.ClientCallConvention;
import io.coord.spring.observation.LeaderListenerConvention;
import io.coord.spring.observation.LockCallConvention;
import io.coord.spring.observation.LockWaitConvention;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Auto-configuration of observations. */
@AutoConfiguration(
        after = {CoordAutoConfiguration.class, CoordMetricsAutoConfiguration.class},
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({CoordClient.class, Lease.class, ObservationRegistry.class})
@ConditionalOnBean({CoordClient.class, ObservationRegistry.class})
public final class CoordObservationAutoConfiguration {

    /** After that of the meters, whose place it takes and whom it tells, and before an application's own. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 1)
    CoordClientCustomizer observationCoordClientCustomizer(
            ObjectProvider<ObservationRegistry> registry,
            ObjectProvider<ClientCallConvention> conventions,
            @Qualifier("coordClientMetrics") ObjectProvider<ClientMetrics> meters) {
        return new MetricsCustomizer(() -> new ObservationClientMetrics(
                registry.getObject(), conventions.getIfAvailable(), meters.getIfAvailable(() -> ClientMetrics.NONE)));
    }

    @Bean
    @ConditionalOnMissingBean
    ObservationLockObserver coordLockObservations(
            ObservationRegistry registry,
            ObjectProvider<LockCallConvention> calls,
            ObjectProvider<LockWaitConvention> waits) {
        return new ObservationLockObserver(registry, calls.getIfAvailable(), waits.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean
    ObservationRoleObserver coordRoleObservations(
            ObservationRegistry registry, ObjectProvider<LeaderListenerConvention> conventions) {
        return new ObservationRoleObserver(registry, conventions.getIfAvailable());
    }
}
