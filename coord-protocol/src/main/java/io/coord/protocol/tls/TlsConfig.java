package io.coord.protocol.tls;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What both sides of a TLS connection decide about it.
 *
 * @param source of keys and certificates
 * @param protocols that are offered or taken, {@code TLSv1.3} for instance; empty for TLS 1.3 and 1.2
 * @param cipherSuites that are offered or taken, by the JDK's names; empty for the JDK's own
 */
public record TlsConfig(TlsSource source, List<String> protocols, List<String> cipherSuites) {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    public TlsConfig {
        Objects.requireNonNull(source, "source");
        protocols = protocols.isEmpty() ? PROTOCOLS : List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Looks whether the JDK can do what this asks for.
     *
     * @throws InvalidTlsMaterialException when it does not know one of the protocols or cipher suites
     */
    public void requireSupported(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        requireKnown("protocol", protocols, engine.getSupportedProtocols());
        requireKnown("cipher suite", cipherSuites, engine.getSupportedCipherSuites());
    }

    /** Has one connection keep to the protocols and cipher suites. */
    public void restrict(SSLEngine engine) {
        engine.setEnabledProtocols(protocols.toArray(String[]::new));
        if (!cipherSuites.isEmpty()) {
            engine.setEnabledCipherSuites(cipherSuites.toArray(String[]::new));
        }
    }

    private static void requireKnown(String what, List<String> wanted, String[] known) {
        for (String each : wanted) {
            if (!Arrays.asList(known).contains(each)) {
                throw new InvalidTlsMaterialException(
                        "the JDK knows no " + what + " \"" + each + "\", it knows " + String.join(", ", known), null);
            }
        }
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {
        private @Nullable StoreFile keyStore;
        private @Nullable StoreFile trustStore;
        private Revocation revocation = Revocation.NONE;
        private @Nullable TlsSource source;
        private List<String> protocols = List.of();
        private List<String> cipherSuites = List.of();

        private Builder() {}

        /** The private key and certificate that show who we are: a server needs one, a client where the server asks. */
        public Builder keyStore(StoreFile file) {
            this.keyStore = file;
            return this;
        }

        /** Whom we trust. The authorities that the JDK knows unless told otherwise. */
        public Builder trustStore(StoreFile file) {
            this.trustStore = file;
            return this;
        }

        /** Whether revoked certificates are found out. {@link Revocation#NONE} unless told otherwise. */
        public Builder revocation(Revocation value) {
            this.revocation = value;
            return this;
        }

        /** Keys and certificates from elsewhere, instead of files. */
        public Builder source(TlsSource value) {
            this.source = value;
            return this;
        }

        /** All that an application has set up itself, instead of files. */
        public Builder sslContext(SSLContext context) {
            return source(TlsSource.fixed(TlsMaterial.of(context)));
        }

        /** {@code TLSv1.3}, {@code TLSv1.2} unless told otherwise. */
        public Builder protocols(List<String> names) {
            this.protocols = List.copyOf(names);
            return this;
        }

        /** Those that the JDK offers unless told otherwise; names of TLS 1.3 and 1.2 stand side by side. */
        public Builder cipherSuites(List<String> names) {
            this.cipherSuites = List.copyOf(names);
            return this;
        }

        /** @throws IllegalArgumentException when there are files and something instead of them */
        public TlsConfig build() {
            TlsSource elsewhere = source;
            if (elsewhere == null) {
                return new TlsConfig(new TlsFiles(keyStore, trustStore, revocation), protocols, cipherSuites);
            }
            if (keyStore != null || trustStore != null || revocation != Revocation.NONE) {
                throw new IllegalArgumentException("keys and certificates come either from files or from elsewhere");
            }
            return new TlsConfig(elsewhere, protocols, cipherSuites);
        }
    }
}
