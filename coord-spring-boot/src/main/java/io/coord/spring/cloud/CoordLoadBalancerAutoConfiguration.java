package io.coord.spring.cloud;

import io.coord.spring.autoconfigure.ConditionalOnCoordEnabled;
import io.coord.spring.autoconfigure.CoordProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the instances that Spring Cloud LoadBalancer chooses from. */
@AutoConfiguration(after = {CoordDiscoveryClientAutoConfiguration.class, LoadBalancerAutoConfiguration.class})
@ConditionalOnClass({ServiceInstanceListSupplier.class, LoadBalancerClientFactory.class})
@ConditionalOnBean({KnownServices.class, LoadBalancerClientFactory.class})
@ConditionalOnCoordEnabled("coord.discovery.load-balancer.enabled")
@LoadBalancerClients(defaultConfiguration = CoordLoadBalancerClientConfiguration.class)
public final class CoordLoadBalancerAutoConfiguration {

    @Bean
    ServiceChanges coordServiceChanges(KnownServices services, CoordProperties properties) {
        return new ServiceChanges(services.directory(), properties.requestTimeout());
    }
}
