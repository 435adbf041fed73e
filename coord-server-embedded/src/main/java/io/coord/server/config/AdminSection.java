package io.coord.server.config;

import io.coord.server.EmbeddedServer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Four-letter words, the admin server, metrics, the audit log. As in ZooKeeper, and unlike a server within an application, the admin server is
 * on port 8080 of all addresses unless the file says otherwise; should that be taken, the server starts without.
 */
final class AdminSection implements Section {
    private static final int HIGHEST_PORT = 65_535;
    private static final int DEFAULT_ADMIN_PORT = 8080;
    private static final int DEFAULT_METRICS_PORT = 7000;
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final String PROMETHEUS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";
    private static final String DEFAULT_PROVIDER = "org.apache.zookeeper.metrics.impl.DefaultMetricsProvider";
    private static final String NO_PROVIDER = "org.apache.zookeeper.metrics.impl.NullMetricsProvider";

    private final Map<AdminKey, Setting> settings = new EnumMap<>(AdminKey.class);

    @Override
    public boolean take(Setting setting) {
        @Nullable AdminKey key = AdminKey.of(setting.key());
        if (key != null) {
            settings.put(key, setting);
        }
        return key != null;
    }

    @Override
    public void apply(EmbeddedServer.Builder builder) {
        @Nullable Setting words = settings.get(AdminKey.FOUR_LETTER_WORDS);
        if (words != null) {
            builder.fourLetterWords(Stream.of(words.value().split(",", -1))
                    .map(String::trim)
                    .filter(word -> !word.isEmpty())
                    .distinct()
                    .toArray(String[]::new));
        }
        @Nullable Setting audit = settings.get(AdminKey.AUDIT);
        if (audit != null) {
            builder.audit(audit.trueOrFalse());
        }
        applyAdmin(builder);
        applyMetrics(builder);
    }

    private void applyAdmin(EmbeddedServer.Builder builder) {
        @Nullable Setting address = settings.get(AdminKey.ADMIN_ADDRESS);
        builder.adminHost(address == null ? ANY_ADDRESS : address.text());
        int port = port(AdminKey.ADMIN_PORT, DEFAULT_ADMIN_PORT);
        @Nullable Setting enabled = settings.get(AdminKey.ADMIN_ENABLED);
        if (enabled == null || enabled.trueOrFalse()) {
            builder.adminPort(port);
        }
        @Nullable Setting path = settings.get(AdminKey.ADMIN_COMMAND_URL);
        if (path != null) {
            if (!path.value().matches("/.*[^/]")) {
                throw path.refused("it takes a path like /commands, with no slash at its end");
            }
            builder.adminCommandPath(path.value());
        }
        @Nullable Setting timeout = settings.get(AdminKey.ADMIN_IDLE_TIMEOUT);
        if (timeout != null) {
            builder.adminIdleTimeout(Duration.ofMillis(timeout.number(1, Integer.MAX_VALUE, "milliseconds")));
        }
    }

    private void applyMetrics(EmbeddedServer.Builder builder) {
        int port = port(AdminKey.METRICS_PORT, DEFAULT_METRICS_PORT);
        @Nullable Setting host = settings.get(AdminKey.METRICS_HOST);
        builder.metricsHost(host == null ? ANY_ADDRESS : host.text());
        @Nullable Setting ofTheJvm = settings.get(AdminKey.METRICS_OF_THE_JVM);
        if (ofTheJvm != null) {
            builder.exportJvmInfo(ofTheJvm.trueOrFalse());
        }
        @Nullable Setting provider = settings.get(AdminKey.METRICS_PROVIDER);
        if (provider == null) {
            return;
        }
        switch (provider.value()) {
            case PROMETHEUS -> builder.metricsPort(port);
            case DEFAULT_PROVIDER, NO_PROVIDER -> {}
            default ->
                throw provider.refused("classes are not loaded; it takes " + PROMETHEUS
                        + ", or one of the two that offer nothing over HTTP, " + DEFAULT_PROVIDER + " and "
                        + NO_PROVIDER);
        }
    }

    private int port(AdminKey key, int otherwise) {
        @Nullable Setting setting = settings.get(key);
        return setting == null ? otherwise : setting.number(0, HIGHEST_PORT, "");
    }
}
