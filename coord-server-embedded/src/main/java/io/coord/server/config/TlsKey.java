package io.coord.server.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key about TLS between clients and server. {@code docs/SERVER.md} has a row for each. */
enum TlsKey {
    SECURE_CLIENT_PORT("secureClientPort"),
    SECURE_CLIENT_PORT_ADDRESS("secureClientPortAddress"),
    PORT_UNIFICATION("client.portUnification"),
    CERT_RELOAD("client.certReload"),
    KEY_STORE("ssl.keyStore.location"),
    KEY_STORE_TYPE("ssl.keyStore.type"),
    KEY_STORE_PASSWORD("ssl.keyStore.password"),
    KEY_STORE_PASSWORD_PATH("ssl.keyStore.passwordPath"),
    TRUST_STORE("ssl.trustStore.location"),
    TRUST_STORE_TYPE("ssl.trustStore.type"),
    TRUST_STORE_PASSWORD("ssl.trustStore.password"),
    TRUST_STORE_PASSWORD_PATH("ssl.trustStore.passwordPath"),
    PROTOCOL("ssl.protocol"),
    ENABLED_PROTOCOLS("ssl.enabledProtocols"),
    CIPHER_SUITES("ssl.ciphersuites"),
    CLIENT_AUTH("ssl.clientAuth"),
    CLIENT_HOSTNAME_VERIFICATION("ssl.clientHostnameVerification"),
    HOSTNAME_VERIFICATION("ssl.hostnameVerification"),
    CRL("ssl.crl"),
    OCSP("ssl.ocsp"),
    HANDSHAKE_TIMEOUT("ssl.handshakeDetectionTimeoutMillis"),
    MAX_HANDSHAKES("netty.server.outstandingHandshake.limit");

    private static final Map<String, TlsKey> BY_NAME = new HashMap<>();

    static {
        for (TlsKey key : values()) {
            BY_NAME.put(key.spelling, key);
        }
        // As older files have it.
        BY_NAME.put("ssl.cipherSuites", CIPHER_SUITES);
    }

    final String spelling;

    TlsKey(String spelling) {
        this.spelling = spelling;
    }

    static @Nullable TlsKey of(String spelling) {
        return BY_NAME.get(spelling);
    }
}
