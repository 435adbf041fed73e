package io.coord.verification.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.zookeeper.server.ContainerManager;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.RequestProcessor;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A real single ZooKeeper server in this process, as its own main would start it, without admin server. */
public final class ZooKeeperUnderTest implements InProcessServer {
    private static final int DELETIONS_A_MINUTE = 10_000;
    private static final int NO_LIMIT = 0;

    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;
    private final ContainerManager containers;
    private final FileTxnSnapLog files;
    private final @Nullable Path temporary;

    private ZooKeeperUnderTest(
            ZooKeeperServer server,
            ServerCnxnFactory connections,
            ContainerManager containers,
            FileTxnSnapLog files,
            @Nullable Path temporary) {
        this.server = server;
        this.connections = connections;
        this.containers = containers;
        this.files = files;
        this.temporary = temporary;
    }

    /** Starts on a new directory that vanishes with the server, without fsync. */
    public static ZooKeeperUnderTest start() {
        return start(CONTAINER_CHECK_MS);
    }

    /**
     * As {@link #start()}.
     *
     * @param containerCheckMs how often empty containers are looked for
     */
    public static ZooKeeperUnderTest start(int containerCheckMs) {
        System.setProperty("zookeeper.forceSync", "no");
        try {
            Path directory = Files.createTempDirectory("zookeeper-under-test");
            return start(directory, TICK_MS, containerCheckMs, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It logs an error with the whole request for each malformed one, and malformed requests are what many tests send. */
    private static void hush() {
        ((Logger) LoggerFactory.getLogger("org.apache.zookeeper")).setLevel(Level.OFF);
    }

    /** @param temporary vanishes with the server */
    public static ZooKeeperUnderTest start(Path directory, int tickMs, int containerCheckMs, @Nullable Path temporary)
            throws IOException {
        hush();
        System.setProperty("zookeeper.extendedTypesEnabled", "true");
        System.setProperty("zookeeper.admin.enableServer", "false");
        FileTxnSnapLog files = new FileTxnSnapLog(directory.toFile(), directory.toFile());
        ZooKeeperServer server = new ZooKeeperServer(files, tickMs, "");
        server.setMinSessionTimeout(-1);
        server.setMaxSessionTimeout(-1);
        ServerCnxnFactory connections =
                ServerCnxnFactory.createFactory(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), NO_LIMIT);
        try {
            connections.startup(server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting ZooKeeper", e);
        }
        ContainerManager containers = new ContainerManager(
                server.getZKDatabase(), new IntoPipeline(server), containerCheckMs, DELETIONS_A_MINUTE);
        containers.start();
        return new ZooKeeperUnderTest(server, connections, containers, files, temporary);
    }

    @Override
    public Implementation implementation() {
        return Implementation.ZOOKEEPER;
    }

    /** For its own commands. */
    public ZooKeeperServer server() {
        return server;
    }

    @Override
    public int port() {
        return connections.getLocalPort();
    }

    @Override
    public void expireSession(long sessionId) {
        server.closeSession(sessionId);
    }

    @Override
    public void close() {
        containers.stop();
        connections.shutdown();
        server.shutdown();
        try {
            files.close();
            if (temporary != null) {
                Directories.delete(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the container sweeper hands its deletions to: the server's first processor, which it does not show. */
    private record IntoPipeline(ZooKeeperServer server) implements RequestProcessor {
        @Override
        public void processRequest(Request request) {
            server.submitRequestNow(request);
        }

        @Override
        public void shutdown() {
            // The server stops its own processors.
        }
    }
}
