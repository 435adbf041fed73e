package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.spring.autoconfigure.ConditionalOnCoordEnabled;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryHealthIndicatorEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.health.DiscoveryClientHealthIndicatorProperties;
import org.springframework.cloud.client.discovery.health.reactive.ReactiveDiscoveryClientHealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** Auto-configuration of discovery clients for Spring Cloud, on the application's directory of services. */
@AutoConfiguration(
        after = CoordRecipesAutoConfiguration.class,
        before = {CommonsClientAutoConfiguration.class, ReactiveCommonsClientAutoConfiguration.class})
@ConditionalOnClass({DiscoveryClient.class, ServiceDirectory.class})
@ConditionalOnSingleCandidate(ServiceDirectory.class)
@ConditionalOnCoordEnabled("coord.discovery.enabled")
@ConditionalOnDiscoveryEnabled
public final class CoordDiscoveryClientAutoConfiguration {

    @Bean
    KnownServices coordKnownServices(ServiceDirectory<?> directory, CoordProperties properties) {
        return new KnownServices(directory, properties.requestTimeout());
    }

    @Bean
    CatalogueEvents coordCatalogueEvents(
            ServiceDirectory<?> directory, ApplicationContext context, CoordProperties properties) {
        return new CatalogueEvents(directory, context, properties.requestTimeout());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static class BlockingConfiguration {

        @Bean
        @ConditionalOnMissingBean
        CoordDiscoveryClient coordDiscoveryClient(KnownServices services, CoordProperties properties) {
            return new CoordDiscoveryClient(services, properties.discovery().order());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Flux.class)
    @ConditionalOnReactiveDiscoveryEnabled
    static class ReactiveConfiguration {

        @Bean
        @ConditionalOnMissingBean
        CoordReactiveDiscoveryClient coordReactiveDiscoveryClient(KnownServices services, CoordProperties properties) {
            return new CoordReactiveDiscoveryClient(
                    services, properties.discovery().order());
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(ReactiveHealthIndicator.class)
        @EnableConfigurationProperties(DiscoveryClientHealthIndicatorProperties.class)
        static class ReactiveHealthConfiguration {

            @Bean
            @ConditionalOnDiscoveryHealthIndicatorEnabled
            ReactiveDiscoveryClientHealthIndicator coordReactiveDiscoveryClientHealthIndicator(
                    CoordReactiveDiscoveryClient client, DiscoveryClientHealthIndicatorProperties properties) {
                return new ReactiveDiscoveryClientHealthIndicator(client, properties);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Health.class)
    @ConditionalOnDiscoveryHealthIndicatorEnabled
    static class HealthConfiguration {

        @Bean
        CoordDiscoveryHealthIndicator coordDiscoveryHealthIndicator(ServiceDirectory<?> directory) {
            return new CoordDiscoveryHealthIndicator(directory);
        }
    }
}
