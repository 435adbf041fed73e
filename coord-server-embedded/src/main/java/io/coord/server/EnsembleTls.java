package io.coord.server;

import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.TlsConfig;
import java.util.Objects;

/**
 * How the members of an ensemble speak TLS to each other, on both of their ports. Both sides of a connection show a certificate, and
 * each judges the other's. All members speak it, or none.
 *
 * @param config keys, certificates, protocols, cipher suites
 * @param hostnameVerification whether the certificate of a member must be for the host under which the others know it; ZooKeeper's
 *     {@code ssl.quorum.hostnameVerification}
 * @param reload whether files of keys and certificates that have changed are read again, for connections from then on; ZooKeeper's
 *     {@code sslQuorumReloadCertFiles}
 */
public record EnsembleTls(TlsConfig config, boolean hostnameVerification, boolean reload) {
    public EnsembleTls {
        Objects.requireNonNull(config, "config");
    }

    /** The usual case: hosts are verified, and files are read again. */
    public static EnsembleTls ofStores(StoreFile keyStore, StoreFile trustStore) {
        return new EnsembleTls(
                TlsConfig.builder().keyStore(keyStore).trustStore(trustStore).build(), true, true);
    }
}
