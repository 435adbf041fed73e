package io.coord.server.internal.tls;

import io.coord.protocol.tls.TlsConfig;

/**
 * What is asked of connections that speak TLS.
 *
 * @param asksForCertificate whether clients are asked for theirs
 * @param needsCertificate whether one that shows none is sent away
 * @param checksClientHost whether a client's certificate must be for where it comes from
 * @param reloadIntervalMs 0 for never
 * @param maxHandshakes so many at once
 */
public record TlsRules(
        TlsConfig config,
        boolean asksForCertificate,
        boolean needsCertificate,
        boolean checksClientHost,
        long reloadIntervalMs,
        long handshakeTimeoutMs,
        int maxHandshakes) {}
