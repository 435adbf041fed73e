package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.leader.LeaderRoles;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration of actuator endpoints. */
@AutoConfiguration(after = {CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class})
@ConditionalOnClass({CoordClient.class, Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(CoordClient.class)
public final class CoordEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    CoordEndpoint coordEndpoint(
            ListableBeanFactory beans,
            ObjectProvider<CoordServers> servers,
            ObjectProvider<CoordEndpoint.ServerDescription> server) {
        return new CoordEndpoint(
                beans.getBeansOfType(CoordClient.class, false, true),
                servers.getIfAvailable(),
                server.getIfAvailable());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(EmbeddedServer.class)
    @ConditionalOnSingleCandidate(EmbeddedServer.class)
    static class ServerConfiguration {

        @Bean
        CoordEndpoint.ServerDescription coordServerDescription(EmbeddedServer server) {
            return () -> {
                try {
                    return server.status();
                } catch (IllegalStateException e) {
                    return null;
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(CoordTreeEndpointProperties.class)
    static class TreeConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        CoordTreeEndpoint coordTreeEndpoint(
                CoordClient client,
                CoordTreeEndpointProperties properties,
                ObjectProvider<SanitizingFunction> sanitizing) {
            return new CoordTreeEndpoint(
                    client,
                    new Sanitizer(sanitizing.orderedStream().toList()),
                    properties.showValues(),
                    properties.roles());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(LeaderLatch.class)
    static class RecipeConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        CoordLocksEndpoint coordLocksEndpoint(CoordClient client, CoordProperties properties) {
            return new CoordLocksEndpoint(client, properties.lock().root());
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnBean(LeaderRoles.class)
        CoordLeadersEndpoint coordLeadersEndpoint(CoordClient client, CoordProperties properties, LeaderRoles roles) {
            return new CoordLeadersEndpoint(client, properties.leader().root(), roles);
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnSingleCandidate(ServiceDirectory.class)
        CoordServicesEndpoint coordServicesEndpoint(ServiceDirectory<?> directory, InstanceId self) {
            return new CoordServicesEndpoint(directory, self);
        }
    }
}
