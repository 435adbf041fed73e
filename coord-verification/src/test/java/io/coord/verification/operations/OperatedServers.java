package io.coord.verification.operations;

import io.coord.server.EmbeddedServer;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.command.FourLetterCommands;

/** Our server and a real ZooKeeper, each with one stock client that has done the same things. */
final class OperatedServers implements AutoCloseable {
    private static final String WHITELIST = "zookeeper.4lw.commands.whitelist";
    private static final int SESSION_MS = 8_000;
    private static final int TICK_MS = 500;

    final EmbeddedServer coord;
    final ZooKeeperUnderTest zooKeeper;
    final ZooKeeper coordClient;
    final ZooKeeper zooKeeperClient;
    private final Path directory;

    private OperatedServers(
            EmbeddedServer coord,
            ZooKeeperUnderTest zooKeeper,
            ZooKeeper coordClient,
            ZooKeeper zooKeeperClient,
            Path directory) {
        this.coord = coord;
        this.zooKeeper = zooKeeper;
        this.coordClient = coordClient;
        this.zooKeeperClient = zooKeeperClient;
        this.directory = directory;
    }

    /** All words are allowed on both. */
    static OperatedServers start() throws IOException, InterruptedException, KeeperException {
        Path directory = Files.createTempDirectory("operated-coord");
        System.setProperty(WHITELIST, "*");
        FourLetterCommands.resetWhiteList();
        EmbeddedServer coord = builder(directory).start();
        ZooKeeperUnderTest zooKeeper = ZooKeeperUnderTest.start();
        ZooKeeper coordClient = client(coord.connectString());
        ZooKeeper zooKeeperClient = client(zooKeeper.connectString());
        OperatedServers servers = new OperatedServers(coord, zooKeeper, coordClient, zooKeeperClient, directory);
        for (ZooKeeper each : List.of(coordClient, zooKeeperClient)) {
            work(each);
        }
        return servers;
    }

    private static EmbeddedServer.Builder builder(Path directory) {
        return EmbeddedServer.builder()
                .port(0)
                .dataDir(directory)
                .tickTime(Duration.ofMillis(TICK_MS))
                .adminPort(0)
                .fourLetterWords("*");
    }

    static ZooKeeper client(String connectString) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(connectString, SESSION_MS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(20, TimeUnit.SECONDS)) {
            throw new IOException("not connected to " + connectString);
        }
        return client;
    }

    private static void work(ZooKeeper client) throws InterruptedException, KeeperException {
        client.create("/operated", new byte[10], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/operated/ephemeral", new byte[20], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create("/operated/other", new byte[20], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.getData("/operated", event -> {}, null);
        client.getData("/operated/ephemeral", event -> {}, null);
        client.exists("/operated/missing", event -> {});
        client.setData("/operated/other", new byte[30], -1);
    }

    @Override
    public void close() throws IOException {
        System.clearProperty(WHITELIST);
        FourLetterCommands.resetWhiteList();
        try {
            coordClient.close();
            zooKeeperClient.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the clients were closed", e);
        } finally {
            coord.close();
            zooKeeper.close();
            Directories.delete(directory);
        }
    }
}
