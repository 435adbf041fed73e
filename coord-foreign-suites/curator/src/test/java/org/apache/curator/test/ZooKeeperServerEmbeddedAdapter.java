package org.apache.curator.test;

import io.coord.server.EmbeddedServer;
import io.coord.server.EnsembleSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;

/**
 * Stands ahead of curator-test's class of the same name, which starts a ZooKeeper: Curator's suites run against Coord
 * unchanged; where they start several servers, those are an ensemble. Settings of containers and of the super user are read from ZooKeeper's own system properties, since that is how
 * the suites set them.
 */
public class ZooKeeperServerEmbeddedAdapter implements ZooKeeperMainFace {
    private static final String CONTAINER_CHECK = "znode.container.checkIntervalMs";
    private static final String CONTAINER_NEVER_USED = "znode.container.maxNeverUsedIntervalMs";
    private static final String SUPER_DIGEST = "zookeeper.DigestAuthenticationProvider.superDigest";
    private static final int DEFAULT_TICK_MS = 3000;
    private static final int DEFAULT_CONNECTIONS = 60;

    private volatile EmbeddedServer server;

    @Override
    public void start(QuorumPeerConfigBuilder config) {
        try {
            Properties properties = config.buildProperties();
            EmbeddedServer.Builder builder = EmbeddedServer.builder()
                    .port(number(properties, "clientPort", 0))
                    .dataDir(Path.of(properties.getProperty("dataDir")))
                    .tickTime(Duration.ofMillis(number(properties, "tickTime", DEFAULT_TICK_MS)))
                    .maxClientConnections(number(properties, "maxClientCnxns", DEFAULT_CONNECTIONS))
                    .containerCheckInterval(Duration.ofMillis(Long.getLong(CONTAINER_CHECK, 60_000)))
                    .containerMaxNeverUsed(Duration.ofMillis(Long.getLong(CONTAINER_NEVER_USED, 0)));
            String superDigest = System.getProperty(SUPER_DIGEST);
            if (superDigest != null) {
                builder.superDigest(superDigest);
            }
            Map<Long, QuorumServer> members = config.buildConfig().getServers();
            if (members.size() > 1) {
                builder.port(config.getInstanceSpec().getPort())
                        .reconfigEnabled(QuorumPeerConfig.isReconfigEnabled())
                        .ensemble(ensemble(config.getInstanceSpec().getServerId(), members));
            }
            server = builder.start();
        } catch (Exception e) {
            throw new FailedServerStartException(e);
        }
    }

    private static EnsembleSettings ensemble(int own, Map<Long, QuorumServer> members) {
        // Several ensembles may run at once, and ports be used again.
        EnsembleSettings.Builder ensemble = EnsembleSettings.builder(own)
                .name("curator-"
                        + members.values().stream()
                                .map(each -> String.valueOf(each.addr.getOne().getPort()))
                                .sorted()
                                .collect(Collectors.joining("-")));
        members.forEach((id, member) -> {
            InetSocketAddress log = member.addr.getOne();
            int linkPort = member.electionAddr.getOne().getPort();
            InetSocketAddress client = member.clientAddr;
            ensemble.member(new EnsembleSettings.Member(
                    id.intValue(),
                    log.getHostString(),
                    log.getPort(),
                    linkPort,
                    false,
                    client == null ? null : client.getHostString() + ':' + client.getPort()));
        });
        // Shorter than the shortest session of a server with Curator's tick time.
        return ensemble.syncTimeout(Duration.ofSeconds(1)).build();
    }

    private static int number(Properties properties, String key, int otherwise) {
        String text = properties.getProperty(key);
        return text == null || Integer.parseInt(text) < 0 ? otherwise : Integer.parseInt(text);
    }

    @Override
    public int getClientPort() {
        return server.port();
    }

    /** @return none: tests that reach into ZooKeeper's own server cannot run here and are listed */
    public ServerCnxnFactory getServerCnxnFactory() {
        throw new UnsupportedOperationException("this is no ZooKeeper");
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void close() {
        EmbeddedServer running = server;
        if (running != null) {
            server = null;
            running.close();
        }
    }
}
