package io.coord.verification.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.auth.ProviderRegistry;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/** A real ZooKeeper that speaks TLS and nothing else, set up by system properties as it must be. */
final class SecureZooKeeper implements AutoCloseable {
    private static final String X509 = "zookeeper.authProvider.x509";
    private static final String NETTY = "org.apache.zookeeper.server.NettyServerCnxnFactory";

    private final FileTxnSnapLog files;
    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;

    SecureZooKeeper(Path directory) throws Exception {
        files = new FileTxnSnapLog(
                directory.resolve("data").toFile(), directory.resolve("data").toFile());
        server = new ZooKeeperServer(files, 2_000, "");
        System.setProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY, NETTY);
        connections = ServerCnxnFactory.createFactory();
        System.clearProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY);
        // Its own configuration file does so where there is a secure port.
        System.setProperty(X509, "org.apache.zookeeper.server.auth.X509AuthenticationProvider");
        ProviderRegistry.addOrUpdateProvider(X509);
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0, -1, true);
        connections.startup(server);
    }

    int port() {
        return connections.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        System.clearProperty(X509);
        connections.shutdown();
        files.close();
    }
}
