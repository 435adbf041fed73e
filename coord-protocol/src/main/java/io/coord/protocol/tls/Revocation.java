package io.coord.protocol.tls;

/**
 * Where to ask whether a certificate was revoked; the certificates themselves name the servers. An answer that cannot be had
 * is a refusal. It is asked for during the handshake, over the network, and may take as long as that takes.
 */
public enum Revocation {
    /** Nowhere. */
    NONE,
    /** Lists of revoked certificates; ZooKeeper's {@code ssl.crl}. */
    CRL,
    /** ZooKeeper's {@code ssl.ocsp}. */
    OCSP,
    /** Lists when OCSP gives no answer. */
    OCSP_OR_CRL;

    /** From ZooKeeper's two settings. */
    public static Revocation of(boolean crl, boolean ocsp) {
        if (ocsp) {
            return crl ? OCSP_OR_CRL : OCSP;
        }
        return crl ? CRL : NONE;
    }
}
