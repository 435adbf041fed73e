package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.spring.autoconfigure.CoordProperties;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClient;
import org.springframework.cloud.loadbalancer.core.DiscoveryClientServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** What each load-balanced service has of its own, in the context that Spring Cloud makes for it. */
@Configuration(proxyBeanMethods = false)
class CoordLoadBalancerClientConfiguration {

    @Bean
    CallableInstances<?> coordCallableInstances(
            KnownServices services, CoordProperties properties, Environment environment) {
        return callableInstances(
                services.directory(),
                LoadBalancerClientFactory.getName(environment),
                properties.discovery().loadBalancer());
    }

    private static <T> CallableInstances<T> callableInstances(
            ServiceDirectory<T> directory, String service, CoordProperties.Discovery.LoadBalancer settings) {
        return new CallableInstances<>(directory, service, settings);
    }

    @Bean
    FailedCalls coordFailedCalls(CallableInstances<?> instances) {
        return new FailedCalls(instances);
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(BalancerConfiguration.OnSelected.class)
    ServiceInstanceListSupplier coordServiceInstanceListSupplier(
            KnownServices services,
            CallableInstances<?> instances,
            ServiceChanges changes,
            ConfigurableApplicationContext context) {
        CoordServiceInstanceListSupplier ours = new CoordServiceInstanceListSupplier(
                services, instances, changes, SingletonSupplier.of(() -> others(context)));
        return BalancerConfiguration.of(context.getEnvironment())
                .orElseThrow()
                .applyTo(ServiceInstanceListSupplier.builder().withBase(ours))
                .build(context);
    }

    /** Of the other discovery clients, cached as Spring Cloud does it. */
    private static ServiceInstanceListSupplier others(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        List<ReactiveDiscoveryClient> reactive = beans(context.getBeanProvider(ReactiveDiscoveryClient.class)).stream()
                .filter(each -> !(each instanceof CoordReactiveDiscoveryClient)
                        && !(each instanceof ReactiveCompositeDiscoveryClient))
                .toList();
        DiscoveryClientServiceInstanceListSupplier found = reactive.isEmpty()
                ? new DiscoveryClientServiceInstanceListSupplier(
                        new CompositeDiscoveryClient(blocking(context)), environment)
                : new DiscoveryClientServiceInstanceListSupplier(
                        new ReactiveCompositeDiscoveryClient(reactive), environment);
        return ServiceInstanceListSupplier.builder()
                .withBase(found)
                .withCaching()
                .build(context);
    }

    private static List<DiscoveryClient> blocking(ConfigurableApplicationContext context) {
        return beans(context.getBeanProvider(DiscoveryClient.class)).stream()
                .filter(each -> !(each instanceof CoordDiscoveryClient) && !(each instanceof CompositeDiscoveryClient))
                .toList();
    }

    private static <T> List<T> beans(ObjectProvider<T> provider) {
        return provider.orderedStream().toList();
    }
}
