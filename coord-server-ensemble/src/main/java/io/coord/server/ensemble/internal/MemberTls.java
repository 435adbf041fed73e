package io.coord.server.ensemble.internal;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.internal.replication.MemberSettings.PeerTls;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS on the connections between members; both sides show a certificate. Thread-safe. */
final class MemberTls {
    private static final Logger LOG = LoggerFactory.getLogger(MemberTls.class);
    private static final long RELOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PeerTls settings;
    private SSLContext context;
    private long loadedNanos;

    /** @throws InvalidTlsMaterialException naming the file that is wrong */
    MemberTls(PeerTls settings) {
        this.settings = settings;
        this.context = load();
        this.loadedNanos = System.nanoTime();
    }

    private SSLContext load() {
        TlsConfig config = settings.config();
        SSLContext loaded = config.source().load().toContext();
        config.requireSupported(loaded);
        return loaded;
    }

    private synchronized SSLContext context() {
        if (settings.reloads() && System.nanoTime() - loadedNanos > RELOAD_NANOS) {
            loadedNanos = System.nanoTime();
            try {
                context = load();
            } catch (InvalidTlsMaterialException e) {
                LOG.warn("Members go on with the keys and certificates that they have: {}", e.getMessage());
            }
        }
        return context;
    }

    /** For a connection to a member. */
    SSLEngine engineTo(String host, int port) {
        SSLEngine engine = context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(restricted(engine.getSSLParameters(), settings.checksHosts()));
        return engine;
    }

    /** For a member's connection to this one. */
    SSLEngine engineFrom() {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(restricted(engine.getSSLParameters(), false));
        engine.setNeedClientAuth(true);
        return engine;
    }

    /** Has a connection to a member speak TLS from now on; waits until both know who the other is. */
    Socket socketTo(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(connected, host, port, true);
        socket.setUseClientMode(true);
        socket.setSSLParameters(restricted(socket.getSSLParameters(), settings.checksHosts()));
        socket.startHandshake();
        return socket;
    }

    /** As {@link #socketTo}, at the other end. */
    Socket socketFrom(Socket accepted) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(accepted, null, true);
        socket.setUseClientMode(false);
        socket.setSSLParameters(restricted(socket.getSSLParameters(), false));
        socket.setNeedClientAuth(true);
        socket.startHandshake();
        return socket;
    }

    private SSLParameters restricted(SSLParameters parameters, boolean checksHost) {
        TlsConfig config = settings.config();
        parameters.setProtocols(config.protocols().toArray(String[]::new));
        if (!config.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(config.cipherSuites().toArray(String[]::new));
        }
        if (checksHost) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        return parameters;
    }
}
