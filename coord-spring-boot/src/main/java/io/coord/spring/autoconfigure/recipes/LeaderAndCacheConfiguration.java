package io.coord.spring.autoconfigure.recipes;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.leader.LeaderElections;
import io.coord.spring.watch.NodeCaches;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Elections by name, caches, and the life of candidates and caches that are beans. */
@Configuration(proxyBeanMethods = false)
class LeaderAndCacheConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LeaderElections leaderElections(CoordClient client, CoordProperties properties, InstanceId candidate) {
        return new LeaderElections(client, properties.leader().root(), candidate.value());
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
