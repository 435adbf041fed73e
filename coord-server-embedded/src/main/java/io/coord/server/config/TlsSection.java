package io.coord.server.config;

import io.coord.protocol.tls.Revocation;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.ClientAuth;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** TLS between clients and server: with a port of its own, on the plain one, or both. */
final class TlsSection implements Section {
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);

    private final Map<TlsKey, Setting> settings = new EnumMap<>(TlsKey.class);
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
        return settings.containsKey(TlsKey.SECURE_CLIENT_PORT);
    }

    @Override
    public void apply(EmbeddedServer.Builder builder) {
        @Nullable Setting port = settings.get(TlsKey.SECURE_CLIENT_PORT);
        @Nullable Setting address = settings.get(TlsKey.SECURE_CLIENT_PORT_ADDRESS);
        boolean unified = isTrue(TlsKey.PORT_UNIFICATION);
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
        tls.config(config(port));
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
        settings.forEach((key, setting) -> {
            if (key.spelling.startsWith("ssl.")) {
                notices.accept(setting.place() + ": " + setting.key()
                        + " sets nothing without secureClientPort or client.portUnification=true");
            }
        });
    }

    private void applyRest(ServerTls.Builder tls) {
        tls.clientAuth(clientAuth());
        tls.clientHostnameVerification(
                isTrue(TlsKey.CLIENT_HOSTNAME_VERIFICATION) && !isFalse(TlsKey.HOSTNAME_VERIFICATION));
        tls.reloadInterval(isFalse(TlsKey.CERT_RELOAD) ? Duration.ZERO : RELOAD_INTERVAL);
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

    private TlsConfig config(@Nullable Setting port) {
        @Nullable
        StoreFile keyStore = store(
                TlsKey.KEY_STORE, TlsKey.KEY_STORE_TYPE, TlsKey.KEY_STORE_PASSWORD, TlsKey.KEY_STORE_PASSWORD_PATH);
        if (keyStore == null) {
            Setting asks = port == null ? settings.get(TlsKey.PORT_UNIFICATION) : port;
            String message = "ssl.keyStore.location must say what the server proves its name with";
            throw asks == null ? new InvalidConfigException(message) : asks.refused(message);
        }
        TlsConfig.Builder config = TlsConfig.builder()
                .keyStore(keyStore)
                .revocation(Revocation.of(isTrue(TlsKey.CRL), isTrue(TlsKey.OCSP)));
        @Nullable
        StoreFile trustStore = store(
                TlsKey.TRUST_STORE,
                TlsKey.TRUST_STORE_TYPE,
                TlsKey.TRUST_STORE_PASSWORD,
                TlsKey.TRUST_STORE_PASSWORD_PATH);
        if (trustStore != null) {
            config.trustStore(trustStore);
        }
        @Nullable
        Setting protocols = settings.containsKey(TlsKey.ENABLED_PROTOCOLS)
                ? settings.get(TlsKey.ENABLED_PROTOCOLS)
                : settings.get(TlsKey.PROTOCOL);
        if (protocols != null) {
            config.protocols(list(protocols));
        }
        @Nullable Setting suites = settings.get(TlsKey.CIPHER_SUITES);
        if (suites != null) {
            config.cipherSuites(list(suites));
        }
        return config.build();
    }

    private static List<String> list(Setting setting) {
        List<String> words = new ArrayList<>();
        for (String word : setting.text().split(",", -1)) {
            if (word.isBlank()) {
                throw setting.refused("it takes names with commas between them");
            }
            words.add(word.trim());
        }
        return words;
    }

    private @Nullable StoreFile store(TlsKey location, TlsKey type, TlsKey password, TlsKey passwordPath) {
        @Nullable Setting file = settings.get(location);
        if (file == null) {
            return null;
        }
        StoreFile store = StoreFile.of(Path.of(file.text()));
        @Nullable Setting format = settings.get(type);
        if (format != null) {
            store = store.withFormat(format(format));
        }
        @Nullable Setting secretFile = settings.get(passwordPath);
        @Nullable Setting secret = settings.get(password);
        if (secretFile != null) {
            return store.withPasswordFile(Path.of(secretFile.text()));
        }
        return secret == null ? store : store.withPassword(secret.value());
    }

    private static StoreFormat format(Setting setting) {
        return switch (setting.value().toUpperCase(Locale.ROOT)) {
            case "PEM" -> StoreFormat.PEM;
            case "JKS" -> StoreFormat.JKS;
            case "PKCS12" -> StoreFormat.PKCS12;
            case "BCFKS" -> throw setting.refused("convert the store to PKCS12; it takes JKS, PEM or PKCS12");
            default -> throw setting.refused("it takes JKS, PEM or PKCS12");
        };
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

    private boolean isTrue(TlsKey key) {
        @Nullable Setting setting = settings.get(key);
        return setting != null && setting.trueOrFalse();
    }

    private boolean isFalse(TlsKey key) {
        @Nullable Setting setting = settings.get(key);
        return setting != null && !setting.trueOrFalse();
    }
}
