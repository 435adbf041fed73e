package io.coord.sample;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.spring.leader.LeaderElections;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The caches and the election of this instance. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ShopConfiguration {

    /** Starts to contend when the application has started, and gives up before it stops. */
    @Bean
    LeaderLatch restocking(LeaderElections elections) {
        return elections.latch("shop/restocking");
    }

    @Bean
    CoordCache configCache(CoordClient client) {
        return CoordCache.builder(client, ShopTree.CONFIG).singleNode().build();
    }

    /** Stock and ledgers. */
    @Bean
    CoordCache shopCache(CoordClient client) {
        return CoordCache.builder(client, ShopTree.ROOT).build();
    }
}
