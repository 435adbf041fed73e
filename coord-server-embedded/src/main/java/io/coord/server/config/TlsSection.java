package io.coord.server.config;

import io.coord.server.ClientAuth;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** TLS between clients and server: with a port of its own, on the plain one, or both. */
final class TlsSection implements Section {
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);

    private final TlsSettings settings = new TlsSettings("ssl.");
    private final Consumer<String> notices;

    TlsSection(Consumer<String> notices) {
        this.notices = notices;
    }

    @Override
    public boolean take(Setting setting) {
        @Nullable TlsKey key = TlsKey.of(setting.key());
        if (key != null) {
            settings.put(key, setting);
        }
        return key != null;
    }

    /** Whether clients have a port for TLS, so that there need not be a plain one. */
    boolean hasPort() {
        return settings.has(TlsKey.SECURE_CLIENT_PORT);
    }

    @Override
    public void apply(EmbeddedServer.Builder builder) {
        @Nullable Setting port = settings.get(TlsKey.SECURE_CLIENT_PORT);
        @Nullable Setting address = settings.get(TlsKey.SECURE_CLIENT_PORT_ADDRESS);
        boolean unified = settings.isTrue(TlsKey.PORT_UNIFICATION);
        if (address != null && port == null) {
            throw address.refused("secureClientPort must be set, too");
        }
        if (port == null && !unified) {
            tellOfUnusedKeys();
            return;
        }
        ServerTls.Builder tls = ServerTls.builder().portUnification(unified);
        if (port != null) {
            tls.port(port.number(0, HIGHEST_PORT, ""));
        }
        tls.config(settings.config(port == null ? settings.get(TlsKey.PORT_UNIFICATION) : port));
        if (address != null) {
            tls.host(address.text());
        }
        applyRest(tls);
        try {
            builder.tls(tls.build());
        } catch (IllegalArgumentException e) {
            Setting first = port == null ? settings.get(TlsKey.PORT_UNIFICATION) : port;
            throw first == null
                    ? new InvalidConfigException("TLS: " + e.getMessage())
                    : first.refused(String.valueOf(e.getMessage()));
        }
    }

    private void tellOfUnusedKeys() {
        settings.all().forEach((key, setting) -> {
            if (key.spelling.startsWith("ssl.")) {
                notices.accept(setting.place() + ": " + setting.key()
                        + " sets nothing without secureClientPort or client.portUnification=true");
            }
        });
    }

    private void applyRest(ServerTls.Builder tls) {
        tls.clientAuth(clientAuth());
        tls.clientHostnameVerification(settings.isTrue(TlsKey.CLIENT_HOSTNAME_VERIFICATION)
                && !settings.isFalse(TlsKey.HOSTNAME_VERIFICATION));
        tls.reloadInterval(settings.isFalse(TlsKey.CERT_RELOAD) ? Duration.ZERO : RELOAD_INTERVAL);
        @Nullable Setting timeout = settings.get(TlsKey.HANDSHAKE_TIMEOUT);
        if (timeout != null) {
            tls.handshakeTimeout(Duration.ofMillis(timeout.number(1, Integer.MAX_VALUE, "milliseconds")));
        }
        @Nullable Setting handshakes = settings.get(TlsKey.MAX_HANDSHAKES);
        if (handshakes != null) {
            int most = handshakes.number(Integer.MIN_VALUE, Integer.MAX_VALUE, "handshakes");
            tls.maxHandshakes(most <= 0 ? Integer.MAX_VALUE : most);
        }
    }

    private ClientAuth clientAuth() {
        @Nullable Setting setting = settings.get(TlsKey.CLIENT_AUTH);
        if (setting == null) {
            return ClientAuth.NEED;
        }
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "none" -> ClientAuth.NONE;
            case "want" -> ClientAuth.WANT;
            case "need" -> ClientAuth.NEED;
            default -> throw setting.refused("it takes none, want or need");
        };
    }
}
