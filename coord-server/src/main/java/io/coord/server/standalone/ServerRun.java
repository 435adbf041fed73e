package io.coord.server.standalone;

import io.coord.server.EmbeddedServer;
import io.coord.server.EmbeddedServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server from its start to its end. The JVM's shutdown thread ends it in good order; the main thread only waits. */
final class ServerRun {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRun.class);

    private final EmbeddedServer server;
    private final Environment environment;
    private volatile boolean stopping;

    ServerRun(EmbeddedServer server, Environment environment) {
        this.server = server;
        this.environment = environment;
    }

    /**
     * Returns only when the server could not go on: a signal ends the JVM, not this call.
     *
     * @throws EmbeddedServerException when it does not start
     */
    ExitCode toTheEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "coord-stop"));
        server.start();
        writeAddress();
        LOG.info(
                "Coord has started: clients of this machine connect to {}; its data is in {}",
                address(),
                server.config().dataDir());
        try {
            server.awaitEnd();
        } catch (InterruptedException e) {
            LOG.error("The main thread was interrupted, which nobody here does", e);
        }
        return stopping ? ExitCode.DONE : ExitCode.UNEXPECTED;
    }

    private void stop() {
        stopping = true;
        try {
            server.close();
            LOG.info("Coord has stopped");
        } catch (EmbeddedServerException e) {
            LOG.error("Coord has stopped, but not in good order", e);
        } finally {
            delete(environment.addressFile());
            delete(environment.pidFile());
            Logging.end();
        }
    }

    /** As a client of this machine would write it; the port for TLS where there is no other. */
    private String address() {
        int port = server.config().port() == null ? server.securePort() : server.port();
        return ServerStatusQuery.hostForClients(server.config()) + ':' + port;
    }

    private void writeAddress() {
        @Nullable Path file = environment.addressFile();
        if (file != null) {
            try {
                Files.writeString(file, address());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("{} stays behind", file, e);
            }
        }
    }
}
