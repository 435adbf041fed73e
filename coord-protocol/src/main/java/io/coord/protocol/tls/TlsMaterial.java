package io.coord.protocol.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Keys and certificates, ready for use. Immutable as far as its parts are; the JDK's are thread-safe. */
public final class TlsMaterial {
    private final List<KeyManager> keys;
    private final List<TrustManager> trust;
    private final List<X509Certificate> certificates;
    private final @Nullable SSLContext given;

    private TlsMaterial(
            List<KeyManager> keys,
            List<TrustManager> trust,
            List<X509Certificate> certificates,
            @Nullable SSLContext given) {
        this.keys = List.copyOf(keys);
        this.trust = List.copyOf(trust);
        this.certificates = List.copyOf(certificates);
        this.given = given;
    }

    /**
     * @param keys that show who we are; empty for none
     * @param trust that judge the other side; empty for the JDK's own
     * @param certificates our own, as far as they are known, for the log
     */
    public static TlsMaterial of(
            List<? extends KeyManager> keys, List<? extends TrustManager> trust, List<X509Certificate> certificates) {
        return new TlsMaterial(List.copyOf(keys), List.copyOf(trust), certificates, null);
    }

    /** All that an application has set up itself. */
    public static TlsMaterial of(SSLContext context) {
        return new TlsMaterial(List.of(), List.of(), List.of(), context);
    }

    /** Our own certificates, as far as they are known. */
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /**
     * A context whose refusals say which certificate is refused, and why; one that an application has set up is given back
     * as it is.
     *
     * @throws InvalidTlsMaterialException when the JDK refuses keys or trust
     */
    public SSLContext toContext() {
        return given == null ? newContext(UnaryOperator.identity()) : given;
    }

    /**
     * As {@link #toContext}, with a further check.
     *
     * @param check around what judges the other side
     * @throws InvalidTlsMaterialException when the JDK refuses keys or trust, or the check cannot be put around them
     */
    public SSLContext toContext(UnaryOperator<X509ExtendedTrustManager> check) {
        if (given != null) {
            throw new InvalidTlsMaterialException(
                    "an SSLContext that is complete takes no further check of certificates", null);
        }
        if (trust.stream().noneMatch(X509ExtendedTrustManager.class::isInstance)) {
            throw new InvalidTlsMaterialException(
                    "only an X509ExtendedTrustManager takes a further check of certificates, not " + trust, null);
        }
        return newContext(check);
    }

    private SSLContext newContext(UnaryOperator<X509ExtendedTrustManager> check) {
        // The JDK itself adds the check of host names to managers of other types, so those stay as they are.
        TrustManager[] described = trust.stream()
                .map(each -> each instanceof X509ExtendedTrustManager extended
                        ? new DescribedTrust(check.apply(extended))
                        : each)
                .toArray(TrustManager[]::new);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.toArray(KeyManager[]::new), described.length == 0 ? null : described, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new InvalidTlsMaterialException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
