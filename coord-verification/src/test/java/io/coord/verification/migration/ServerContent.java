package io.coord.verification.migration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** What a stock client finds on a server: of each znode the data, the whole stat, the ACL. */
final class ServerContent {
    private static final int TIMEOUT_MS = 40_000;

    private ServerContent() {}

    static Map<String, String> read(int port) throws IOException, InterruptedException, KeeperException {
        ZooKeeper client = connect(port);
        try {
            Map<String, String> found = new TreeMap<>();
            read(client, "/", found);
            return found;
        } finally {
            client.close();
        }
    }

    /** The path, and the zxid of the creation, of the next sequential child of each znode that can have one. */
    static Map<String, String> nextSequential(int port) throws IOException, InterruptedException, KeeperException {
        ZooKeeper client = connect(port);
        try {
            Map<String, String> found = new TreeMap<>();
            Map<String, String> znodes = new TreeMap<>();
            read(client, "/", znodes);
            for (String path : znodes.keySet()) {
                try {
                    Stat stat = new Stat();
                    String child = client.create(
                            (path.equals("/") ? "" : path) + "/next-",
                            new byte[0],
                            Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT_SEQUENTIAL,
                            stat);
                    found.put(path, child + " 0x" + Long.toHexString(stat.getCzxid()));
                } catch (KeeperException refused) {
                    found.put(path, refused.code().name());
                }
            }
            return found;
        } finally {
            client.close();
        }
    }

    private static ZooKeeper connect(int port) throws IOException {
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + port, TIMEOUT_MS, event -> {});
        client.addAuthInfo("digest", ZooKeeperWorkload.USER.getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private static void read(ZooKeeper client, String path, Map<String, String> found)
            throws InterruptedException, KeeperException {
        Stat stat = new Stat();
        byte[] data = client.getData(path, false, stat);
        found.put(
                path,
                (data == null ? "null" : Base64.getEncoder().encodeToString(data))
                        + ' '
                        + stat.toString().trim().replace('\n', ' ')
                        + ' '
                        + client.getACL(path, new Stat()));
        for (String child : client.getChildren(path, false)) {
            read(client, path.equals("/") ? path + child : path + '/' + child, found);
        }
    }
}
