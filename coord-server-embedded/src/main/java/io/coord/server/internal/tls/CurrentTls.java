package io.coord.server.internal.tls;

import io.coord.protocol.tls.Certificates;
import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.protocol.tls.TlsConfig;
import io.coord.protocol.tls.TlsMaterial;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and certificates as they were when they were read last. {@link #load} and {@link #reload} block on files and are called
 * by one thread at a time.
 */
final class CurrentTls {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentTls.class);
    /** What a client's certificate was found to be worth counts for so long when the client comes back. */
    private static final int SESSION_SECONDS = 600;

    private final TlsConfig config;
    private final boolean checksClientHost;
    /** Of what was tried last, whether it could be used or not. */
    private @Nullable Object version;

    CurrentTls(TlsConfig config, boolean checksClientHost) {
        this.config = config;
        this.checksClientHost = checksClientHost;
    }

    /** @throws InvalidTlsMaterialException when keys or certificates cannot be used */
    SSLContext load() {
        // Before the files are read: what changes meanwhile is read again.
        version = config.source().version();
        TlsMaterial material = config.source().load();
        SSLContext context = checksClientHost ? material.toContext(ClientHostCheck::new) : material.toContext();
        config.requireSupported(context);
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
        material.certificates().forEach(CurrentTls::tell);
        return context;
    }

    /** Tells of a new context when there is one; what cannot be used is logged, once. */
    void reload(Consumer<SSLContext> onChange) {
        if (config.source().version().equals(version)) {
            return;
        }
        SSLContext changed;
        try {
            changed = load();
        } catch (InvalidTlsMaterialException e) {
            LOG.warn("Keys and certificates have changed and cannot be used, those before stay: {}", e.getMessage());
            return;
        }
        LOG.info("Keys and certificates have changed: new connections use them");
        onChange.accept(changed);
    }

    private static void tell(X509Certificate own) {
        try {
            own.checkValidity();
            LOG.info("TLS with the certificate of {}", Certificates.describe(own));
        } catch (CertificateExpiredException e) {
            LOG.warn("Clients will refuse us, the certificate is too old: {}", Certificates.describe(own));
        } catch (CertificateNotYetValidException e) {
            LOG.warn("Clients will refuse us, the certificate is not valid yet: {}", Certificates.describe(own));
        }
    }
}
