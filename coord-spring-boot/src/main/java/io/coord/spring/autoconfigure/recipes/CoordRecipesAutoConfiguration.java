package io.coord.spring.autoconfigure.recipes;

import io.coord.client.CoordClient;
import io.coord.recipes.lock.ReadWriteLock;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.InstanceId;
import java.util.UUID;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;

/** Auto-configuration of locks, elections, caches and registration. */
@AutoConfiguration(after = CoordAutoConfiguration.class)
@ConditionalOnClass({CoordClient.class, ReadWriteLock.class})
@ConditionalOnBean(CoordClient.class)
@EnableConfigurationProperties(CoordProperties.class)
@Import({
    LockConfiguration.class,
    LeaderAndCacheConfiguration.class,
    DiscoveryConfiguration.class,
    ListenerConfiguration.class
})
public final class CoordRecipesAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    InstanceId coordInstanceId(CoordProperties properties) {
        String id = properties.discovery().instanceId();
        return new InstanceId(StringUtils.hasText(id) ? id : UUID.randomUUID().toString());
    }
}
