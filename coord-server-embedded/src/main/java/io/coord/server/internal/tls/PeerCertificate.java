package io.coord.server.internal.tls;

import java.security.cert.X509Certificate;

/** What a client has shown in its handshake: its own certificate, found to be trusted. An event of its channel. */
public record PeerCertificate(X509Certificate certificate) {}
