package io.coord.cli.command;

import io.coord.protocol.tls.TlsConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Asks a server by four-letter words, over TLS where the shell speaks it. Any thread: it has no state of its own. */
final class ServerWords {
    private static final int TIMEOUT_MS = 5_000;
    private static final int DEFAULT_PORT = 2181;

    /** A server of the connect string. */
    record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
        }
    }

    private final @Nullable Security security;

    /** @param security null for none */
    ServerWords(@Nullable Security security) {
        this.security = security;
    }

    /** Of a connect string that a client has accepted, without its chroot. */
    static List<Address> addresses(String servers) {
        int slash = servers.indexOf('/');
        List<Address> addresses = new ArrayList<>();
        for (String each : (slash < 0 ? servers : servers.substring(0, slash)).split(",", 0)) {
            String server = each.trim();
            int bracket = server.indexOf(']');
            int colon = server.lastIndexOf(':');
            boolean hasPort = colon > bracket;
            String host = hasPort ? server.substring(0, colon) : server;
            addresses.add(new Address(
                    bracket > 0 ? host.substring(1, bracket) : host,
                    hasPort ? Integer.parseInt(server.substring(colon + 1)) : DEFAULT_PORT));
        }
        return addresses;
    }

    String ask(Address server, String word) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(server.host(), server.port()), TIMEOUT_MS);
            plain.setSoTimeout(TIMEOUT_MS);
            Security secured = security;
            if (secured == null) {
                return ask(plain, word);
            }
            try (SSLSocket socket = secure(plain, server, secured)) {
                return ask(socket, word);
            }
        }
    }

    private static SSLSocket secure(Socket plain, Address server, Security security) throws IOException {
        TlsConfig config = security.tls();
        SSLSocket socket = (SSLSocket) config.source()
                .load()
                .toContext()
                .getSocketFactory()
                .createSocket(plain, server.host(), server.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(config.protocols().toArray(new String[0]));
        if (!config.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(config.cipherSuites().toArray(new String[0]));
        }
        if (security.verifyingHostname()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static String ask(Socket socket, String word) throws IOException {
        socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
