package io.coord.server;

import io.coord.server.internal.admin.HttpSettings;
import io.coord.server.internal.log.Durability;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.pipeline.SessionRules;
import io.coord.server.internal.tls.TlsRules;
import io.coord.server.internal.transport.TransportLimits;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A server's settings as its parts want them. */
final class PartSettings {
    private PartSettings() {}

    static SessionRules sessions(EmbeddedServerConfig config) {
        return new SessionRules(
                millis(config.tickTime()), millis(config.minSessionTimeout()), millis(config.maxSessionTimeout()));
    }

    static TransportLimits transport(EmbeddedServerConfig config) {
        return TransportLimits.of(
                config.maxFrameBytes(),
                config.maxResponseBytes(),
                config.maxClientConnections(),
                config.maxConnections());
    }

    static LogConfig log(EmbeddedServerConfig config) {
        return LogConfig.DEFAULT
                .withDurability(config.fsync() ? Durability.FSYNC : Durability.NO_FSYNC)
                .withSegmentBytes(
                        Math.min(LogConfig.DEFAULT.firstSegmentBytes(), config.logSegmentBytes()),
                        config.logSegmentBytes())
                .withSnapshotEvery(config.snapshotAfterWrites(), LogConfig.DEFAULT.snapshotBytes())
                .withRetainedSnapshots(config.retainedSnapshots())
                .withQuietSnapshots(millis(config.snapshotAfterQuiet()), LogConfig.DEFAULT.closingSnapshotBytes());
    }

    static HttpSettings http(AdminConfig config) {
        Integer port = config.port();
        Integer metricsPort = config.metricsPort();
        return new HttpSettings(
                port == null ? null : new InetSocketAddress(config.host(), port),
                config.commandPath(),
                config.idleTimeout().toMillis(),
                metricsPort == null ? null : new InetSocketAddress(config.metricsHost(), metricsPort),
                config.exportJvmInfo());
    }

    static TlsRules tls(ServerTls settings) {
        return new TlsRules(
                settings.config(),
                settings.clientAuth() != ClientAuth.NONE,
                settings.clientAuth() == ClientAuth.NEED,
                settings.clientHostnameVerification(),
                settings.reloadInterval().toMillis(),
                settings.handshakeTimeout().toMillis(),
                settings.maxHandshakes());
    }

    static int millis(Duration duration) {
        return (int) duration.toMillis();
    }
}
