package io.coord.spring.autoconfigure;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.protocol.tls.TlsConfig;
import io.coord.protocol.tls.TlsMaterial;
import io.coord.protocol.tls.TlsSource;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/** Keys and certificates from an SSL bundle; new connections use those of an update. Thread-safe. */
public final class SslBundleSource implements TlsSource {

    /** The name that stands for no protocol in particular. */
    private static final String ANY_PROTOCOL = "TLS";

    private volatile SslBundle bundle;

    private SslBundleSource(SslBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * What a bundle says of TLS.
     *
     * @param key that names the bundle
     * @throws InvalidConfigurationPropertyValueException when there is no such bundle
     */
    public static TlsConfig config(String key, String name, ObjectProvider<SslBundles> available) {
        return of(key, name, available).config();
    }

    static SslBundleSource of(String key, String name, ObjectProvider<SslBundles> available) {
        SslBundles bundles = available.getIfAvailable();
        if (bundles == null) {
            throw new InvalidConfigurationPropertyValueException(
                    key, name, "There are no SSL bundles: Spring Boot's SslAutoConfiguration is switched off.");
        }
        return of(key, name, bundles);
    }

    static SslBundleSource of(String key, String name, SslBundles bundles) {
        SslBundle bundle;
        try {
            bundle = bundles.getBundle(name);
        } catch (NoSuchSslBundleException e) {
            throw new InvalidConfigurationPropertyValueException(
                    key,
                    name,
                    "There is no such SSL bundle below 'spring.ssl.bundle', only " + bundles.getBundleNames() + ".");
        }
        SslBundleSource source = new SslBundleSource(bundle);
        bundles.addBundleUpdateHandler(name, updated -> source.bundle = updated);
        return source;
    }

    /** Updates come from there, too, from now on. */
    void follow(String name, SslBundles bundles) {
        bundles.addBundleUpdateHandler(name, updated -> bundle = updated);
    }

    TlsConfig config() {
        SslOptions options = bundle.getOptions();
        return new TlsConfig(this, protocols(bundle), list(options.getCiphers()));
    }

    private static List<String> protocols(SslBundle bundle) {
        List<String> enabled = list(bundle.getOptions().getEnabledProtocols());
        return enabled.isEmpty() && !bundle.getProtocol().equals(ANY_PROTOCOL)
                ? List.of(bundle.getProtocol())
                : enabled;
    }

    private static List<String> list(String @Nullable [] names) {
        return names == null ? List.of() : List.of(names);
    }

    @Override
    public TlsMaterial load() {
        SslBundle now = bundle;
        try {
            return TlsMaterial.of(
                    List.of(now.getManagers().getKeyManagers()),
                    List.of(now.getManagers().getTrustManagers()),
                    certificates(now.getStores().getKeyStore()));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new InvalidTlsMaterialException("the SSL bundle cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> certificates(@Nullable KeyStore store) throws GeneralSecurityException {
        List<X509Certificate> own = new ArrayList<>();
        if (store != null) {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    own.add(certificate);
                }
            }
        }
        return own;
    }

    /** The bundle itself: an update brings another one. */
    @Override
    public Object version() {
        return bundle;
    }
}
