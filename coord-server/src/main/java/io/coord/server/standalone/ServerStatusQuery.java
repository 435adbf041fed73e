package io.coord.server.standalone;

import io.coord.server.EmbeddedServerConfig;
import io.coord.server.config.InvalidConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a running server for its role, with the four-letter word {@code srvr}, and says it as {@code zkServer.sh status} does. */
final class ServerStatusQuery {
    private static final int TIMEOUT_MS = 5_000;
    private static final String MODE = "Mode: ";
    private static final String NOT_EXECUTED = "is not executed because it is not in the whitelist";

    private static final int NONE = -1;

    private final String host;
    private final int port;

    private ServerStatusQuery(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** @param addressFile says which port it is when any free one will do */
    static ServerStatusQuery of(EmbeddedServerConfig config, @Nullable Path addressFile) {
        String host = hostForClients(config);
        @Nullable Integer port = config.port();
        if (port == null || port != 0) {
            return new ServerStatusQuery(host, port == null ? NONE : port);
        }
        if (addressFile == null || !Files.isRegularFile(addressFile)) {
            return new ServerStatusQuery(host, 0);
        }
        try {
            String address = Files.readString(addressFile).strip();
            return new ServerStatusQuery(host, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        } catch (IOException | NumberFormatException e) {
            throw new InvalidConfigException(addressFile + " does not tell the port: " + e);
        }
    }

    /** Where a client of this machine reaches the server. */
    static String hostForClients(EmbeddedServerConfig config) {
        return config.host().equals("0.0.0.0") || config.host().equals("::") ? "localhost" : config.host();
    }

    /** Nought for a server that tells its role, like {@code zkServer.sh}. */
    ExitCode print() {
        if (port == NONE) {
            CoordServer.say(
                    "There is only a port for TLS; the admin server tells the role, too, at /commands/server_stats.");
            return ExitCode.UNEXPECTED;
        }
        CoordServer.say("Client port found: " + port + ". Client address: " + host + ". Client SSL: false.");
        String answer;
        try {
            answer = ask();
        } catch (IOException e) {
            CoordServer.say("Error contacting service. It is probably not running. (" + e.getMessage() + ")");
            return ExitCode.UNEXPECTED;
        }
        Optional<String> mode =
                answer.lines().filter(line -> line.startsWith(MODE)).findFirst();
        if (mode.isPresent()) {
            CoordServer.print(mode.get());
            return ExitCode.DONE;
        }
        CoordServer.say(
                answer.contains(NOT_EXECUTED)
                        ? "A server answers, but does not tell its role: add srvr to 4lw.commands.whitelist."
                        : "Something answers, but not with a role: " + answer.strip());
        return ExitCode.UNEXPECTED;
    }

    private String ask() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
