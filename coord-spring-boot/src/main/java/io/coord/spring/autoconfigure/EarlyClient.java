package io.coord.spring.autoconfigure;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * The client without a name when it is needed before there is a context: it is made from the same keys, reads configuration, and is
 * the context's own afterwards, with the session that it has. Who made it closes it, unless a context does that first.
 *
 * <p>Thread-safe: its parts are.
 */
public final class EarlyClient implements AutoCloseable {

    private static final String KEY = "coord";

    private final CoordProperties properties;
    private final CoordServers servers;
    private final CoordClient client;
    private final @Nullable SslBundleSource keys;
    private final LaterMetrics metrics;

    private EarlyClient(
            CoordProperties properties,
            CoordServers servers,
            CoordClient client,
            @Nullable SslBundleSource keys,
            LaterMetrics metrics) {
        this.properties = properties;
        this.servers = servers;
        this.client = client;
        this.keys = keys;
        this.metrics = metrics;
    }

    /**
     * Makes the client and starts it, without waiting for a connection.
     *
     * @param binder for SSL bundles, which are no beans yet
     * @param customizer what an application changes, after all properties were applied
     * @throws IllegalArgumentException when {@link #serversRunElsewhere} says no
     */
    public static EarlyClient start(CoordProperties properties, Binder binder, CoordClientCustomizer customizer) {
        String connectString = properties.connectString();
        if (connectString == null || !serversRunElsewhere(properties)) {
            throw new IllegalArgumentException("no servers elsewhere: " + properties.mode() + ", " + connectString);
        }
        LaterMetrics metrics = new LaterMetrics();
        CoordClientBuilder builder = ClientSettings.builder(properties.client())
                .connectString(connectString)
                .metrics(metrics);
        SslBundleSource keys = null;
        String bundle = properties.ssl().bundle();
        if (bundle != null) {
            keys = SslBundleSource.of(KEY + ".ssl.bundle", bundle, declaredBundles(bundle, binder));
            ClientSettings.secure(builder, properties.ssl(), keys);
        }
        customizer.customize(builder);
        CoordServers servers = new CoordServers(
                CoordMode.EXTERNAL, connectString, "the application's configuration was read from them");
        return new EarlyClient(properties, servers, builder.build().start(), keys, metrics);
    }

    /** Whether there can be a client before there is a context: a server in this process starts with the context. */
    public static boolean serversRunElsewhere(CoordProperties properties) {
        return StringUtils.hasText(properties.connectString())
                && (properties.mode() == null || properties.mode() == CoordMode.EXTERNAL);
    }

    private static SslBundles declaredBundles(String name, Binder binder) {
        SslProperties.Bundles declared =
                binder.bindOrCreate("spring.ssl", SslProperties.class).getBundle();
        SslBundle bundle;
        if (declared.getPem().containsKey(name)) {
            bundle = PropertiesSslBundle.get(
                    Objects.requireNonNull(declared.getPem().get(name)));
        } else if (declared.getJks().containsKey(name)) {
            bundle = PropertiesSslBundle.get(
                    Objects.requireNonNull(declared.getJks().get(name)));
        } else {
            throw new InvalidConfigurationPropertyValueException(
                    KEY + ".ssl.bundle",
                    name,
                    "There is no such bundle below 'spring.ssl.bundle.pem' or 'spring.ssl.bundle.jks', and only those are there when"
                            + " configuration is imported from Coord: beans that register bundles come later.");
        }
        return new DefaultSslBundleRegistry(name, bundle);
    }

    /** With the session that the context's own calls use. */
    public CoordClient client() {
        return client;
    }

    /** "servers at …". */
    public String servers() {
        return servers.phrase();
    }

    /**
     * Waits for the connection.
     *
     * @return whether there is one
     * @throws org.springframework.boot.diagnostics.FailureAnalyzedException when the servers refuse the credentials
     */
    public boolean awaitConnection(Duration patience) {
        return new FirstConnection(KEY, client, servers).await(patience);
    }

    /** From now on events of the client go there. */
    public void recordTo(ClientMetrics target) {
        metrics.target = target;
    }

    /** Whether a context whose servers are these can use the client. */
    boolean serves(CoordServers wanted) {
        return wanted.mode() == CoordMode.EXTERNAL && wanted.addresses().equals(servers.addresses());
    }

    /** Keys of what the client would be made from now and was not, since configuration was imported that nobody knew before. */
    List<String> differentSettings(CoordProperties.Client now) {
        CoordProperties.Client then = properties.client();
        Map<String, Boolean> same = new TreeMap<>();
        same.put("namespace", now.namespace().equals(then.namespace()));
        same.put("session-timeout", now.sessionTimeout().equals(then.sessionTimeout()));
        same.put("connect-timeout", now.connectTimeout().equals(then.connectTimeout()));
        same.put("request-timeout", now.requestTimeout().equals(then.requestTimeout()));
        same.put("retry", now.retry().equals(then.retry()));
        same.put("auth", now.auth().equals(then.auth()));
        same.put("acl", now.acl().equals(then.acl()));
        same.put("ssl", now.ssl().equals(then.ssl()));
        return same.keySet().stream()
                .filter(each -> !Boolean.TRUE.equals(same.get(each)))
                .map(each -> KEY + '.' + each)
                .toList();
    }

    /** New connections use what the context's bundle of the same name is updated to. */
    void follow(SslBundles bundles) {
        String name = properties.ssl().bundle();
        if (keys != null && name != null) {
            keys.follow(name, bundles);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "EarlyClient[" + servers.phrase() + "]";
    }

    /** Counts nothing until the context says where. */
    private static final class LaterMetrics implements ClientMetrics {

        private volatile ClientMetrics target = NONE;

        @Override
        public @Nullable Object onRequestSubmitted(String operation, @Nullable String path) {
            return target.onRequestSubmitted(operation, path);
        }

        @Override
        public void onRequestCompleted(CompletedRequest request) {
            target.onRequestCompleted(request);
        }

        @Override
        public void onBytesSent(int bytes) {
            target.onBytesSent(bytes);
        }

        @Override
        public void onBytesReceived(int bytes) {
            target.onBytesReceived(bytes);
        }

        @Override
        public void onStateChanged(SessionState before, SessionState after) {
            target.onStateChanged(before, after);
        }
    }
}
