package io.coord.spring.autoconfigure.recipes;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.spring.autoconfigure.ConditionalOnCoordEnabled;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.discovery.ApplicationDescription;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.discovery.InstanceRegistry;
import io.coord.spring.discovery.RegistrationInterceptor;
import io.coord.spring.discovery.ServiceInstanceCustomizer;
import java.time.Duration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The instances of all services, and this application as one of them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCoordEnabled("coord.discovery.enabled")
class DiscoveryConfiguration {

    /** Readers on Spring Cloud Zookeeper look for their own class. */
    private static final String SPRING_CLOUD_PAYLOAD =
            "org.springframework.cloud.zookeeper.discovery.ZookeeperInstance";

    private static InstanceSerializer<InstanceDetails> serializer() {
        return InstanceSerializer.of(InstanceDetails.class).writingPayloadClassAs(SPRING_CLOUD_PAYLOAD);
    }

    @Bean
    @ConditionalOnMissingBean
    ServiceDirectory<InstanceDetails> serviceDirectory(CoordClient client, CoordProperties properties) {
        return ServiceDirectory.ofAll(client, properties.discovery().root(), serializer());
    }

    @Bean
    InstanceRegistry coordInstanceRegistry(CoordClient client, CoordProperties properties) {
        return new InstanceRegistry(client, properties.discovery().root(), serializer());
    }

    @Bean
    @ConditionalOnMissingBean(ApplicationDescription.class)
    ApplicationInstance coordApplicationInstance(
            CoordProperties properties,
            InstanceId instanceId,
            Environment environment,
            ObjectProvider<ServiceInstanceCustomizer> customizers) {
        return new ApplicationInstance(properties.discovery(), instanceId, environment, customizers);
    }

    @Bean
    RegistrationLifecycle registrationLifecycle(
            ApplicationDescription self,
            ObjectProvider<RegistrationInterceptor> interceptor,
            InstanceRegistry registry,
            ObjectProvider<CoordServers> servers,
            CoordProperties properties,
            ListableBeanFactory beans) {
        // Nobody else can have seen what a server without a port knows.
        CoordServers known = servers.getIfAvailable();
        boolean seenByOthers = known == null
                || known.mode() == CoordMode.EXTERNAL
                || properties.server().port() != null;
        return new RegistrationLifecycle(
                self,
                properties.discovery().register(),
                interceptor.getIfAvailable(),
                registry,
                beans,
                properties.requestTimeout(),
                seenByOthers ? properties.discovery().deregisterDelay() : Duration.ZERO);
    }
}
