package io.coord.server;

import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.TlsConfig;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedServer} speaks TLS; made by its builder.
 *
 * @param config keys, certificates, protocols, cipher suites
 * @param host the address that the TLS port listens on; null for the server's; ZooKeeper's {@code secureClientPortAddress}
 * @param port for TLS alone: 0 for a free one, null for none; ZooKeeper's {@code secureClientPort}
 * @param portUnification whether the server's plain port takes TLS as well; ZooKeeper's {@code client.portUnification}
 * @param clientAuth whether clients show a certificate
 * @param clientHostnameVerification whether a client's certificate must be for the address that it comes from, or for the name of
 *     that address; ZooKeeper's {@code ssl.clientHostnameVerification}
 * @param reloadInterval how often it is looked whether keys and certificates have changed; zero for never; ZooKeeper's {@code
 *     client.certReload}
 * @param handshakeTimeout a client whose handshake is not over by then is disconnected
 * @param maxHandshakes so many at once; a further client is disconnected; ZooKeeper's {@code
 *     netty.server.outstandingHandshake.limit}
 */
public record ServerTls(
        TlsConfig config,
        @Nullable String host,
        @Nullable Integer port,
        boolean portUnification,
        ClientAuth clientAuth,
        boolean clientHostnameVerification,
        Duration reloadInterval,
        Duration handshakeTimeout,
        int maxHandshakes) {
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    /** @throws IllegalArgumentException naming the setting and its value */
    public ServerTls {
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(clientAuth, "clientAuth");
        if (port != null && (port < 0 || port > HIGHEST_PORT)) {
            throw new IllegalArgumentException("tls port is " + port + ", not between 0 and " + HIGHEST_PORT);
        }
        if (port == null && !portUnification) {
            throw new IllegalArgumentException("tls has neither a port of its own nor portUnification");
        }
        if (host != null && host.isBlank()) {
            throw new IllegalArgumentException("tls host is blank");
        }
        if (clientHostnameVerification && clientAuth == ClientAuth.NONE) {
            throw new IllegalArgumentException(
                    "clientHostnameVerification is true, but with clientAuth NONE clients show no certificate");
        }
        requireDuration("reloadInterval", reloadInterval, Duration.ZERO);
        requireDuration("handshakeTimeout", handshakeTimeout, Duration.ofMillis(1));
        if (maxHandshakes < 1) {
            throw new IllegalArgumentException("maxHandshakes is " + maxHandshakes + ", not at least 1");
        }
    }

    /** Clients must show a certificate unless told otherwise, as in ZooKeeper. */
    public static Builder builder() {
        return new Builder();
    }

    private static void requireDuration(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", not between " + least + " and " + LONGEST);
        }
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {
        private @Nullable TlsConfig config;
        private @Nullable String host;
        private @Nullable Integer port;
        private boolean portUnification;
        private ClientAuth clientAuth = ClientAuth.NEED;
        private boolean clientHostnameVerification;
        private Duration reloadInterval = Duration.ofSeconds(5);
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int maxHandshakes = 250;

        private Builder() {}

        /** Keys, certificates, protocols, cipher suites. Required. */
        public Builder config(TlsConfig value) {
            this.config = value;
            return this;
        }

        /** The usual case of {@link #config}: who the server is, and which clients' certificates it trusts. */
        public Builder stores(StoreFile keyStore, StoreFile trustStore) {
            return config(TlsConfig.builder()
                    .keyStore(keyStore)
                    .trustStore(trustStore)
                    .build());
        }

        /** The address that the TLS port listens on; the server's own unless told otherwise. */
        public Builder host(String value) {
            this.host = value;
            return this;
        }

        /** A port for TLS alone, beside the plain one or instead of it; 0 for a free port. */
        public Builder port(int value) {
            this.port = value;
            return this;
        }

        /** Whether the plain port takes TLS as well; not unless told otherwise. */
        public Builder portUnification(boolean value) {
            this.portUnification = value;
            return this;
        }

        /** {@link ClientAuth#NEED} unless told otherwise, as in ZooKeeper. */
        public Builder clientAuth(ClientAuth value) {
            this.clientAuth = value;
            return this;
        }

        /** Whether a client's certificate must be for the address that it comes from; not unless told otherwise. */
        public Builder clientHostnameVerification(boolean value) {
            this.clientHostnameVerification = value;
            return this;
        }

        /**
         * Five seconds unless told otherwise; zero for never. New connections use new certificates, those that are open stay;
         * what cannot be used is logged, and the old ones stay in use.
         */
        public Builder reloadInterval(Duration value) {
            this.reloadInterval = value;
            return this;
        }

        /** Ten seconds unless told otherwise. */
        public Builder handshakeTimeout(Duration value) {
            this.handshakeTimeout = value;
            return this;
        }

        /** 250 unless told otherwise: those that are begun can then be finished in time. */
        public Builder maxHandshakes(int value) {
            this.maxHandshakes = value;
            return this;
        }

        /** @throws IllegalArgumentException naming the setting that is wrong, and its value */
        public ServerTls build() {
            TlsConfig given = config;
            if (given == null) {
                throw new IllegalArgumentException("tls has no config: a server needs a key and its certificate");
            }
            return new ServerTls(
                    given,
                    host,
                    port,
                    portUnification,
                    clientAuth,
                    clientHostnameVerification,
                    reloadInterval,
                    handshakeTimeout,
                    maxHandshakes);
        }
    }
}
