package io.coord.server.config;

import io.coord.protocol.tls.Revocation;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.protocol.tls.TlsConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys about TLS of one kind of connection, as far as a configuration has them. */
final class TlsSettings {
    private final String prefix;
    private final Map<TlsKey, Setting> settings = new EnumMap<>(TlsKey.class);

    /** @param prefix of the keys that name stores */
    TlsSettings(String prefix) {
        this.prefix = prefix;
    }

    void put(TlsKey key, Setting setting) {
        settings.put(key, setting);
    }

    boolean has(TlsKey key) {
        return settings.containsKey(key);
    }

    @Nullable
    Setting get(TlsKey key) {
        return settings.get(key);
    }

    Map<TlsKey, Setting> all() {
        return settings;
    }

    /**
     * Keys, certificates, protocols, cipher suites.
     *
     * @param asks the setting that asks for TLS
     * @throws InvalidConfigException when there is no key store
     */
    TlsConfig config(@Nullable Setting asks) {
        @Nullable
        StoreFile keyStore = store(
                TlsKey.KEY_STORE, TlsKey.KEY_STORE_TYPE, TlsKey.KEY_STORE_PASSWORD, TlsKey.KEY_STORE_PASSWORD_PATH);
        if (keyStore == null) {
            String message = prefix + "keyStore.location must say what the server proves its name with";
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

    boolean isTrue(TlsKey key) {
        @Nullable Setting setting = settings.get(key);
        return setting != null && setting.trueOrFalse();
    }

    boolean isFalse(TlsKey key) {
        @Nullable Setting setting = settings.get(key);
        return setting != null && !setting.trueOrFalse();
    }
}
