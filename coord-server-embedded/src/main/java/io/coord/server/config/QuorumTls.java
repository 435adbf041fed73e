package io.coord.server.config;

import io.coord.server.EnsembleTls;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** TLS between members: ZooKeeper's {@code sslQuorum}, and its keys that begin with {@code ssl.quorum}. */
final class QuorumTls {
    static final String SWITCH = "sslQuorum";
    static final String RELOAD = "sslQuorumReloadCertFiles";
    static final String PREFIX = "ssl.quorum.";
    /** Those of clients' connections that have a meaning here. */
    static final Set<TlsKey> KEYS = EnumSet.of(
            TlsKey.KEY_STORE,
            TlsKey.KEY_STORE_TYPE,
            TlsKey.KEY_STORE_PASSWORD,
            TlsKey.KEY_STORE_PASSWORD_PATH,
            TlsKey.TRUST_STORE,
            TlsKey.TRUST_STORE_TYPE,
            TlsKey.TRUST_STORE_PASSWORD,
            TlsKey.TRUST_STORE_PASSWORD_PATH,
            TlsKey.PROTOCOL,
            TlsKey.ENABLED_PROTOCOLS,
            TlsKey.CIPHER_SUITES,
            TlsKey.HOSTNAME_VERIFICATION,
            TlsKey.CRL,
            TlsKey.OCSP);

    private final TlsSettings settings = new TlsSettings(PREFIX);
    private final Consumer<String> notices;
    private @Nullable Setting enabled;
    private @Nullable Setting reload;

    QuorumTls(Consumer<String> notices) {
        this.notices = notices;
    }

    /** Notes a setting whose key is about this; false for any other. */
    boolean take(Setting setting) {
        if (setting.key().equals(SWITCH)) {
            enabled = setting;
            return true;
        }
        if (setting.key().equals(RELOAD)) {
            reload = setting;
            return true;
        }
        @Nullable
        TlsKey key = setting.key().startsWith(PREFIX)
                ? TlsKey.of("ssl." + setting.key().substring(PREFIX.length()))
                : null;
        if (key == null || !KEYS.contains(key)) {
            return false;
        }
        settings.put(key, setting);
        return true;
    }

    /**
     * What was noted.
     *
     * @return null when members speak no TLS
     * @throws InvalidConfigException naming the setting that is wrong
     */
    @Nullable
    EnsembleTls read() {
        if (enabled == null || !enabled.trueOrFalse()) {
            settings.all()
                    .values()
                    .forEach(each -> notices.accept(
                            each.place() + ": " + each.key() + " sets nothing without " + SWITCH + "=true"));
            return null;
        }
        return new EnsembleTls(
                settings.config(enabled),
                !settings.isFalse(TlsKey.HOSTNAME_VERIFICATION),
                reload != null && reload.trueOrFalse());
    }
}
