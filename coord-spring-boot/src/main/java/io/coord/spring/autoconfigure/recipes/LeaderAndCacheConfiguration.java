package io.coord.spring.autoconfigure.recipes;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.leader.LeaderAdvisor;
import io.coord.spring.leader.LeaderElections;
import io.coord.spring.leader.LeaderRoles;
import io.coord.spring.leader.RoleListenerRegistrar;
import io.coord.spring.leader.RoleObserver;
import io.coord.spring.watch.NodeCaches;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** Elections by name, roles that annotations name, caches, and the life of candidates and caches that are beans. */
@Configuration(proxyBeanMethods = false)
class LeaderAndCacheConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LeaderElections leaderElections(CoordClient client, CoordProperties properties, InstanceId candidate) {
        return new LeaderElections(client, properties.leader().root(), candidate.value());
    }

    @Bean
    @ConditionalOnMissingBean
    LeaderRoles leaderRoles(
            LeaderElections elections, ApplicationEventPublisher events, ObjectProvider<RoleObserver> observer) {
        return new LeaderRoles(elections, events, observer.getIfAvailable(() -> RoleObserver.NONE));
    }

    /** Made before most beans, so it asks for them late and takes its settings from the environment. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LeaderAdvisor leaderAdvisor(Environment environment, ObjectProvider<LeaderRoles> roles) {
        int lockOrder = Binder.get(environment)
                .bindOrCreate("coord.lock", CoordProperties.Lock.class)
                .order();
        // Who does not lead takes no lock either.
        return new LeaderAdvisor(
                environment::resolveRequiredPlaceholders,
                SingletonSupplier.of(roles::getObject),
                lockOrder == Ordered.HIGHEST_PRECEDENCE ? lockOrder : lockOrder - 1);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static RoleListenerRegistrar roleListenerRegistrar(
            Environment environment, BeanFactory beans, ObjectProvider<LeaderRoles> roles) {
        return new RoleListenerRegistrar(
                environment::resolveRequiredPlaceholders, beans, SingletonSupplier.of(roles::getObject));
    }

    @Bean
    ReadyLifecycle leaderRolesLifecycle(
            LeaderRoles roles, LeaderAdvisor advisor, ApplicationContext context, CoordProperties properties) {
        // Given up before the caches that leaders may look into are closed.
        return new ReadyLifecycle(
                context,
                RecipeBeansLifecycle.PHASE + 1,
                () -> roles.start(advisor.roles()),
                () -> roles.stop(properties.requestTimeout()));
    }

    @Bean
    @ConditionalOnMissingBean
    NodeCaches nodeCaches(CoordClient client, CoordProperties properties) {
        return new NodeCaches(
                client, properties.cache().resyncJitter(), properties.cache().maxConcurrentReads());
    }

    @Bean
    RecipeBeansLifecycle recipeBeansLifecycle(ListableBeanFactory beans) {
        return new RecipeBeansLifecycle(beans);
    }
}
