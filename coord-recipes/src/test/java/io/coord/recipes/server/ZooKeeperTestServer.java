package io.coord.recipes.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.server.ContainerManager;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.RequestProcessor;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.slf4j.LoggerFactory;

/** A real single ZooKeeper server in this process, on a directory that vanishes with it. */
public final class ZooKeeperTestServer implements TestServer {
    private static final int DELETIONS_A_MINUTE = 10_000;
    private static final int NO_LIMIT = 0;

    private final Path directory;
    private final FileTxnSnapLog files;
    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;
    private final ContainerManager containers;

    public ZooKeeperTestServer() {
        ((Logger) LoggerFactory.getLogger("org.apache.zookeeper")).setLevel(Level.OFF);
        ((Logger) LoggerFactory.getLogger("org.apache.curator")).setLevel(Level.OFF);
        System.setProperty("zookeeper.forceSync", "no");
        System.setProperty("zookeeper.admin.enableServer", "false");
        System.setProperty("zookeeper.extendedTypesEnabled", "true");
        try {
            directory = Files.createTempDirectory("zookeeper-test-server");
            files = new FileTxnSnapLog(directory.toFile(), directory.toFile());
            server = new ZooKeeperServer(files, TICK_MS, "");
            server.setMinSessionTimeout(-1);
            server.setMaxSessionTimeout(MAX_SESSION_TIMEOUT_MS);
            connections = ServerCnxnFactory.createFactory(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), NO_LIMIT);
            connections.startup(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting ZooKeeper", e);
        }
        containers = new ContainerManager(
                server.getZKDatabase(), new FirstProcessor(server), CONTAINER_CHECK_MS, DELETIONS_A_MINUTE);
        containers.start();
    }

    @Override
    public int port() {
        return connections.getLocalPort();
    }

    @Override
    public void close() {
        containers.stop();
        connections.shutdown();
        server.shutdown();
        try {
            files.close();
            List<Path> deepestFirst;
            try (Stream<Path> all = Files.walk(directory)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the sweeper of containers hands its deletions to. */
    private record FirstProcessor(ZooKeeperServer server) implements RequestProcessor {
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
