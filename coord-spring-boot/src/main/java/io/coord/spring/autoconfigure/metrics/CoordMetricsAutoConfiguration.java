package io.coord.spring.autoconfigure.metrics;

import io.coord.client.CoordClient;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.lock.LockObserver;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Auto-configuration of meters. */
@AutoConfiguration(
        after = CoordAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({CoordClient.class, MeterRegistry.class})
@ConditionalOnBean({CoordClient.class, MeterRegistry.class})
public final class CoordMetricsAutoConfiguration {

    /** First of all customizers, so that an application's own may replace it. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CoordClientCustomizer metricsCoordClientCustomizer(ObjectProvider<MicrometerClientMetrics> metrics) {
        return new MetricsCustomizer(metrics::getObject);
    }

    @Bean
    MicrometerClientMetrics coordClientMetrics(MeterRegistry registry) {
        return new MicrometerClientMetrics(registry);
    }

    @Bean
    CoordClientMeters coordClientMeters(CoordClient client) {
        return new CoordClientMeters(client);
    }

    @Bean
    @ConditionalOnMissingBean(LockObserver.class)
    MicrometerLockObserver coordLockObserver(MeterRegistry registry) {
        return new MicrometerLockObserver(registry);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(LeaderLatch.class)
    static class RecipeMetricsConfiguration {

        @Bean
        CoordRecipeMeters coordRecipeMeters(ListableBeanFactory beans) {
            return new CoordRecipeMeters(beans);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(EmbeddedServer.class)
    @ConditionalOnBean(EmbeddedServer.class)
    static class ServerMetricsConfiguration {

        @Bean
        CoordServerMeters coordServerMeters(EmbeddedServer server) {
            return new CoordServerMeters(server);
        }
    }
}
