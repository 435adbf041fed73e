package io.coord.spring.autoconfigure.health;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.CoordServers;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.OnEndpointElementCondition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration of the connection's health. Needs Actuator's classes and those of the health module, which come apart. */
@AutoConfiguration(after = CoordAutoConfiguration.class)
@ConditionalOnClass({
    CoordClient.class,
    HealthIndicator.class,
    ConditionalOnEnabledHealthIndicator.class,
    OnEndpointElementCondition.class
})
@ConditionalOnBean(CoordClient.class)
public final class CoordHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "coordHealthIndicator")
    @ConditionalOnEnabledHealthIndicator("coord")
    CoordHealthIndicator coordHealthIndicator(
            CoordClient client,
            ObjectProvider<CoordServers> servers,
            ObjectProvider<ServerHealth> server,
            CoordProperties properties) {
        return new CoordHealthIndicator(
                client, servers.getIfAvailable(), server.getIfAvailable(), properties.startup(), Clock.systemUTC());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(EmbeddedServer.class)
    @ConditionalOnBean(EmbeddedServer.class)
    static class ServerHealthConfiguration {

        @Bean
        EmbeddedServerHealth coordEmbeddedServerHealth(EmbeddedServer server) {
            return new EmbeddedServerHealth(server);
        }
    }
}
