package io.coord.spring.autoconfigure.embedded;

import io.coord.client.CoordClient;
import io.coord.client.spi.Connector;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.ClientAuth;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import io.coord.spring.autoconfigure.ConditionalOnCoordEnabled;
import io.coord.spring.autoconfigure.ConditionalOnCoordMode;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.SslBundleSource;
import java.time.Duration;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ResourceLoader;

/** Auto-configuration of a server inside the application, alone or one of an ensemble, and of a client that reaches it without a socket. */
@AutoConfiguration(before = CoordAutoConfiguration.class)
@ConditionalOnClass(EmbeddedServer.class)
@ConditionalOnCoordEnabled
@ConditionalOnCoordMode({CoordMode.EMBEDDED, CoordMode.ENSEMBLE})
@ConditionalOnMissingBean(CoordClient.class)
@EnableConfigurationProperties(CoordProperties.class)
public final class CoordEmbeddedServerAutoConfiguration {

    /** The client asks for its address when it connects, which is after the server has started. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CoordClientCustomizer embeddedServerCoordClientCustomizer(EmbeddedServer server) {
        return builder -> builder.connectString("localhost").connector(Connector.local(server::localAddress));
    }

    /** A server that the application defines itself, it also starts and closes itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(EmbeddedServer.class)
    static class ServerConfiguration {

        /** A look at a bundle reads no file. */
        private static final Duration UPDATE_INTERVAL = Duration.ofSeconds(1);

        @Bean
        EmbeddedServer coordEmbeddedServer(
                CoordProperties properties, ObjectProvider<SslBundles> bundles, ResourceLoader resources) {
            CoordProperties.Server settings = properties.server();
            EmbeddedServer.Builder builder = EmbeddedServer.builder()
                    .host(settings.host())
                    .fsync(settings.fsync())
                    .tickTime(settings.tickTime())
                    .containerCheckInterval(settings.containerCheckInterval())
                    .containerMaxNeverUsed(settings.containerMaxNeverUsed())
                    .maxClientConnections(settings.maxClientConnections())
                    .maxFrameBytes((int) settings.maxRequestSize().toBytes())
                    .maxResponseBytes((int) settings.maxResponseSize().toBytes())
                    .snapshotAfterWrites(settings.snapshotAfterWrites())
                    .snapshotAfterQuiet(settings.snapshotAfterQuiet())
                    .logSegmentBytes((int) settings.logSegmentSize().toBytes())
                    .retainedSnapshots(settings.retainedSnapshots())
                    .maxConnections(settings.maxConnections())
                    .enforceQuota(settings.enforceQuota())
                    .audit(settings.audit());
            authenticate(builder, settings.auth());
            PropertyMapper map = PropertyMapper.get();
            map.from(settings::port).to(builder::port);
            map.from(settings::dataDir).to(builder::dataDir);
            map.from(settings::minSessionTimeout).to(builder::minSessionTimeout);
            map.from(settings::maxSessionTimeout).to(builder::maxSessionTimeout);
            String bundle = settings.ssl().bundle();
            if (bundle != null) {
                builder.tls(tls(settings.ssl(), SslBundleSource.config("coord.server.ssl.bundle", bundle, bundles)));
            }
            if (properties.mode() == CoordMode.ENSEMBLE) {
                builder.ensemble(EnsembleMembers.settings(settings, resources.getClassLoader()));
            }
            return builder.build();
        }

        private static ServerTls tls(CoordProperties.ServerSsl settings, TlsConfig config) {
            ServerTls.Builder tls = ServerTls.builder()
                    .config(config)
                    .portUnification(settings.portUnification())
                    .reloadInterval(UPDATE_INTERVAL)
                    .clientAuth(
                            switch (settings.clientAuth()) {
                                case NONE -> ClientAuth.NONE;
                                case WANT -> ClientAuth.WANT;
                                case NEED -> ClientAuth.NEED;
                            });
            PropertyMapper.get().from(settings::port).to(tls::port);
            return tls.build();
        }

        private static void authenticate(EmbeddedServer.Builder builder, CoordProperties.ServerAuth auth) {
            builder.skipAcl(auth.skipAcl())
                    .digestEnabled(auth.digestEnabled())
                    .digestAlgorithm(auth.digestAlgorithm())
                    .requiredAuthSchemes(Set.copyOf(auth.requiredSchemes()));
            PropertyMapper map = PropertyMapper.get();
            map.from(auth::superDigest).to(builder::superDigest);
            map.from(auth::x509SuperUser).to(builder::x509SuperUser);
            auth.saslUsers().forEach(builder::saslUser);
            auth.saslSuperUsers().forEach(builder::saslSuperUser);
        }

        @Bean
        EmbeddedServerLifecycle coordEmbeddedServerLifecycle(EmbeddedServer server) {
            return new EmbeddedServerLifecycle(server);
        }
    }
}
