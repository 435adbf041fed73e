package io.coord.spring.config;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.ConditionalOnCoordEnabled;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what follows imported configuration. The import itself happens before there is a context. */
@AutoConfiguration(after = CoordAutoConfiguration.class)
@ConditionalOnClass(CoordClient.class)
@ConditionalOnCoordEnabled
public final class CoordConfigAutoConfiguration {

    /** Always there: whether something was imported is not known when an image is built. */
    @Bean
    ConfigRefresh coordConfigRefresh(
            ObjectProvider<ImportedConfig> imported, ApplicationContext context, CoordProperties properties) {
        return new ConfigRefresh(
                imported.getIfAvailable(), context, properties.cache().resyncJitter(), properties.requestTimeout());
    }
}
