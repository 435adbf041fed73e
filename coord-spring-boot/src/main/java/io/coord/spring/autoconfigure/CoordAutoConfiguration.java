package io.coord.spring.autoconfigure;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Auto-configuration of the client. */
@AutoConfiguration
@ConditionalOnClass(CoordClient.class)
@ConditionalOnCoordEnabled
@EnableConfigurationProperties(CoordProperties.class)
@Import(NamedClients.class)
public final class CoordAutoConfiguration {

    private static final String IN_THIS_PROCESS = "in this process";
    private static final String OF_AN_ENSEMBLE = "of an ensemble, one of them in this process";

    private static final Logger logger = LoggerFactory.getLogger(CoordAutoConfiguration.class);

    @Bean
    @ConditionalOnCoordMode(CoordMode.EXTERNAL)
    @ConditionalOnProperty("coord.connect-string")
    @ConditionalOnMissingBean(CoordConnectionDetails.class)
    PropertiesCoordConnectionDetails coordConnectionDetails(CoordProperties properties) {
        return new PropertiesCoordConnectionDetails(
                Objects.requireNonNull(properties.connectString(), "the condition on the property says it is there"));
    }

    /** A client that the application defines itself, it also starts and closes itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(CoordClient.class)
    static class ClientConfiguration {

        @Bean
        CoordServers coordServers(
                Environment environment,
                ListableBeanFactory beans,
                ObjectProvider<CoordConnectionDetails> connectionDetails) {
            SelectedMode selected = SelectedMode.of(environment, beans);
            return switch (selected.mode()) {
                case EMBEDDED -> new CoordServers(CoordMode.EMBEDDED, IN_THIS_PROCESS, selected.reason());
                case ENSEMBLE -> new CoordServers(CoordMode.ENSEMBLE, OF_AN_ENSEMBLE, selected.reason());
                case EXTERNAL -> {
                    CoordConnectionDetails details = connectionDetails.getIfAvailable();
                    if (details == null) {
                        throw new FailureAnalyzedException(
                                "Coord is to use servers that run elsewhere, because " + selected.reason()
                                        + ", but nothing says where they are.",
                                "Set 'coord.connect-string' to their addresses, such as 'zk1:2181,zk2:2181,zk3:2181'.");
                    }
                    yield new CoordServers(CoordMode.EXTERNAL, details.getConnectString(), selected.reason());
                }
            };
        }

        @Bean
        CoordClient coordClient(
                CoordProperties properties,
                CoordServers servers,
                ObjectProvider<EarlyClient> early,
                ObjectProvider<SslBundles> bundles,
                ObjectProvider<CoordClientCustomizer> customizers) {
            logger.info("Coord uses {}, because {}", servers.phrase(), servers.reason());
            EarlyClient before = early.getIfAvailable();
            if (before != null && before.serves(servers)) {
                warnOfLateSettings(before.differentSettings(properties.client()));
                bundles.ifAvailable(before::follow);
                customizers.orderedStream().forEach(customizer -> customizeLate(customizer, before));
                return before.client();
            }
            CoordClientBuilder builder = ClientSettings.builder(properties.client());
            if (servers.mode() == CoordMode.EXTERNAL) {
                builder.connectString(servers.addresses());
                ClientSettings.secure(builder, "coord", properties.ssl(), bundles);
            } else if (properties.ssl().bundle() != null) {
                logger.info("'coord.ssl.bundle' is not used: what stays in this process needs no TLS");
            }
            customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
            try {
                return builder.build();
            } catch (IllegalStateException e) {
                if (servers.mode() == CoordMode.EXTERNAL) {
                    throw e;
                }
                throw new FailureAnalyzedException(
                        "Coord is to use a server inside this application, because " + servers.reason()
                                + ", but the server is not on the classpath.",
                        "Set 'coord.connect-string' to use servers that run elsewhere, or add the dependency"
                                + " 'io.coord:coord-server-embedded' ('io.coord:coord-spring-boot-starter' brings it).",
                        e);
            }
        }

        private static void warnOfLateSettings(List<String> keys) {
            if (!keys.isEmpty()) {
                logger.warn(
                        "{} came with imported configuration, too late for the connection that imported it, which is used on; set"
                                + " it where 'spring.config.import' is set",
                        keys);
            }
        }

        private static void customizeLate(CoordClientCustomizer customizer, EarlyClient client) {
            if (!(customizer instanceof EarlyClientCustomizer late)) {
                throw new FailureAnalyzedException(
                        "The CoordClientCustomizer of " + customizer.getClass().getName()
                                + " comes too late: the client was made before there were beans, to import configuration"
                                + " ('spring.config.import').",
                        "Register it before the application runs: application.addBootstrapRegistryInitializer(registry ->"
                                + " registry.register(CoordClientCustomizer.class, context -> customizer)).");
            }
            late.customize(client);
        }

        @Bean
        CoordClientLifecycle coordClientLifecycle(
                CoordClient client,
                CoordServers servers,
                CoordProperties properties,
                ObjectProvider<EarlyClient> early) {
            EarlyClient before = early.getIfAvailable();
            return new CoordClientLifecycle(
                    "coord",
                    client,
                    servers,
                    properties.startup(),
                    properties.waitTimeout(),
                    before != null && before.client() == client);
        }
    }
}
