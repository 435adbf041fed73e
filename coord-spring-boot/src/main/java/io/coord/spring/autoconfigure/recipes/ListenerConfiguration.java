package io.coord.spring.autoconfigure.recipes;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.ServiceListenerRegistrar;
import io.coord.spring.discovery.ServiceListeners;
import io.coord.spring.watch.NodeCaches;
import io.coord.spring.watch.NodeListenerRegistrar;
import io.coord.spring.watch.NodeListeners;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** Methods that are told of nodes and of services. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

    /** Told nothing more before the roles are given up, which is before the caches are closed. */
    private static final int PHASE = RecipeBeansLifecycle.PHASE + 2;

    @Bean
    NodeListeners nodeListeners(NodeCaches caches) {
        return new NodeListeners(caches);
    }

    @Bean
    @ConditionalOnSingleCandidate(ServiceDirectory.class)
    ServiceListeners serviceListeners(ServiceDirectory<?> directory) {
        return new ServiceListeners(directory);
    }

    /** Made before most beans, so it asks for them late. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static NodeListenerRegistrar nodeListenerRegistrar(
            Environment environment, BeanFactory beans, ObjectProvider<NodeListeners> listeners) {
        return new NodeListenerRegistrar(
                environment::resolveRequiredPlaceholders, beans, SingletonSupplier.of(listeners::getObject));
    }

    /** Likewise. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ServiceListenerRegistrar serviceListenerRegistrar(
            Environment environment, BeanFactory beans, ObjectProvider<ServiceListeners> listeners) {
        return new ServiceListenerRegistrar(environment::resolveRequiredPlaceholders, beans, listeners::getIfAvailable);
    }

    @Bean
    ReadyLifecycle nodeListenersLifecycle(NodeListeners nodes, ApplicationContext context, CoordProperties properties) {
        return new ReadyLifecycle(context, PHASE, nodes::start, () -> nodes.stop(properties.requestTimeout()));
    }

    @Bean
    @ConditionalOnBean(ServiceListeners.class)
    ReadyLifecycle serviceListenersLifecycle(
            ServiceListeners services, ApplicationContext context, CoordProperties properties) {
        return new ReadyLifecycle(context, PHASE, services::start, () -> services.stop(properties.requestTimeout()));
    }
}
