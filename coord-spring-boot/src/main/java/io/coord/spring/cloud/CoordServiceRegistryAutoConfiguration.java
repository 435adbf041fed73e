package io.coord.spring.cloud;

import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.discovery.ApplicationDescription;
import io.coord.spring.discovery.InstanceRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationAutoConfiguration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.client.serviceregistry.ServiceRegistryAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the service registry for Spring Cloud. Spring Cloud knows one registry only, so Coord's stands back behind that of
 * another product; the names are those of the configurations that bring one.
 */
@AutoConfiguration(
        after = CoordRecipesAutoConfiguration.class,
        afterName = {
            "com.alibaba.cloud.nacos.registry.NacosServiceRegistryAutoConfiguration",
            "org.springframework.cloud.consul.serviceregistry.ConsulAutoServiceRegistrationAutoConfiguration",
            "org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration",
            "org.springframework.cloud.netflix.eureka.EurekaClientAutoConfiguration",
            "org.springframework.cloud.zookeeper.serviceregistry.ZookeeperAutoServiceRegistrationAutoConfiguration",
            "org.springframework.cloud.zookeeper.serviceregistry.ZookeeperServiceRegistryAutoConfiguration"
        },
        before = {ServiceRegistryAutoConfiguration.class, AutoServiceRegistrationAutoConfiguration.class})
@ConditionalOnClass(ServiceRegistry.class)
@ConditionalOnBean({InstanceRegistry.class, ApplicationDescription.class})
public final class CoordServiceRegistryAutoConfiguration {

    /** There in any case: it says whether the application registers itself. */
    @Bean
    CommonsRegistration coordCommonsRegistration(
            ApplicationContext context,
            ObjectProvider<AutoServiceRegistration> automatic,
            ObjectProvider<CoordRegistration> self) {
        return new CommonsRegistration(context, automatic, self.getIfUnique());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnDiscoveryEnabled
    @ConditionalOnProperty(value = "spring.cloud.service-registry.enabled", matchIfMissing = true)
    @ConditionalOnMissingBean({ServiceRegistry.class, Registration.class, AutoServiceRegistration.class})
    static class RegistryConfiguration {

        @Bean
        CoordServiceRegistry coordServiceRegistry(InstanceRegistry instances, CoordProperties properties) {
            return new CoordServiceRegistry(instances, properties.requestTimeout());
        }

        @Bean
        CoordRegistration coordRegistration(ApplicationDescription self) {
            return new CoordRegistration(self);
        }

        @Bean
        @ConditionalOnProperty(value = "spring.cloud.service-registry.auto-registration.enabled", matchIfMissing = true)
        CoordAutoServiceRegistration coordAutoServiceRegistration() {
            return new CoordAutoServiceRegistration();
        }
    }
}
