package io.coord.spring.autoconfigure;

import io.coord.client.AclProvider;
import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.session.ReconnectBackoff;
import io.coord.protocol.data.Acl;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;

/** From properties to a client's builder. */
final class ClientSettings {

    private ClientSettings() {}

    /** All but where the servers are. */
    static CoordClientBuilder builder(CoordProperties.Client properties) {
        CoordProperties.Retry retry = properties.retry();
        CoordClientBuilder builder = CoordClient.builder()
                .namespace(properties.namespace())
                .sessionTimeout(properties.sessionTimeout())
                .connectTimeout(properties.connectTimeout())
                .requestTimeout(properties.requestTimeout())
                .reconnectBackoff(new ReconnectBackoff(retry.base(), retry.max(), retry.jitter()))
                .aclProvider(acl(properties.acl().defaultAcl()));
        for (CoordProperties.Auth auth : properties.auth()) {
            show(builder, auth);
        }
        return builder;
    }

    private static void show(CoordClientBuilder builder, CoordProperties.Auth auth) {
        String username = Objects.requireNonNull(auth.username());
        String password = Objects.requireNonNull(auth.password());
        if (auth.isSasl()) {
            builder.saslUser(username, password);
        } else {
            builder.authorization(auth.scheme(), (username + ":" + password).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** @param key that the settings of the client lie below */
    static void secure(
            CoordClientBuilder builder, String key, CoordProperties.Ssl ssl, ObjectProvider<SslBundles> bundles) {
        String bundle = ssl.bundle();
        if (bundle != null) {
            secure(builder, ssl, SslBundleSource.of(key + ".ssl.bundle", bundle, bundles));
        }
    }

    static void secure(CoordClientBuilder builder, CoordProperties.Ssl ssl, SslBundleSource keys) {
        builder.tls(keys.config()).tlsHostnameVerification(ssl.verifyHostname());
    }

    private static AclProvider acl(CoordAcl acl) {
        return switch (acl) {
            case OPEN -> AclProvider.OPEN;
            case CREATOR -> AclProvider.CREATOR_ALL;
            case READ_ONLY_WORLD -> {
                List<Acl> creatorAllWorldRead = Stream.concat(Acl.CREATOR_ALL.stream(), Acl.WORLD_READ.stream())
                        .toList();
                yield path -> creatorAllWorldRead;
            }
        };
    }
}
