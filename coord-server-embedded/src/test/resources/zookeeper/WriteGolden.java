import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/**
 * Writes the data directory of an old ZooKeeper, and beside it what a client saw there last. See README.md.
 */
public class WriteGolden {
    static final Watcher NONE = new Watcher() {
        public void process(WatchedEvent event) {}
    };

    /** {@code <directory> <class path of the server>}, or for the server's own process {@code server <directory>}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("server")) {
            serve(new File(arguments[1]));
            return;
        }
        File directory = new File(arguments[0]);
        Process server = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java", "-cp", arguments[1], System.getProperty("golden.source"), "server", arguments[0])
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(server.getInputStream()));
        String line = said.readLine();
        while (!line.startsWith("port ")) {
            line = said.readLine();
        }
        String address = "127.0.0.1:" + line.substring(5);
        ZooKeeper client = connect(address);
        before(client, address);
        server.getOutputStream().write('s');
        server.getOutputStream().flush();
        while (!said.readLine().equals("saved")) {
        }
        ZooKeeper living = connect(address);
        after(client, living);
        try (PrintWriter out = new PrintWriter(new File(directory, "expected.txt"), "UTF-8")) {
            for (ZooKeeper each : Arrays.asList(client, living)) {
                out.println("session " + Long.toHexString(each.getSessionId()) + " " + Base64.getEncoder().encodeToString(each.getSessionPasswd()));
            }
            dump(client, "/", out);
        }
        server.destroyForcibly().waitFor();
        Runtime.getRuntime().halt(0);
    }

    static void serve(File directory) throws Exception {
        System.setProperty("zookeeper.preAllocSize", "1");
        System.setProperty("zookeeper.extendedTypesEnabled", "true");
        System.setProperty("zookeeper.admin.enableServer", "false");
        directory.mkdirs();
        ZooKeeperServer server = new ZooKeeperServer(directory, directory, 2000);
        NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress("127.0.0.1", 0), 100);
        connections.startup(server);
        // As if it had been one of an ensemble whose fifth leader it follows.
        server.setZxid(0x500000000L);
        System.out.println("port " + connections.getLocalPort());
        System.in.read();
        server.takeSnapshot();
        System.out.println("saved");
        while (System.in.read() >= 0) {
        }
    }

    static ZooKeeper connect(String address) throws Exception {
        ZooKeeper client = new ZooKeeper(address, 30000, NONE);
        client.addAuthInfo("digest", "anna:secret".getBytes("UTF-8"));
        client.exists("/", false);
        return client;
    }

    static void before(ZooKeeper client, String address) throws Exception {
        create(client, "/a", "one", CreateMode.PERSISTENT);
        create(client, "/a/b", "two", CreateMode.PERSISTENT);
        client.create("/a/null", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/secret", "x".getBytes("UTF-8"), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        for (int i = 0; i < 4; i++) {
            create(client, "/a/s-", "" + i, CreateMode.PERSISTENT_SEQUENTIAL);
        }
        client.delete("/a/s-0000000002", -1);
        create(client, "/zookeeper/quota/a", "", CreateMode.PERSISTENT);
        create(client, "/zookeeper/quota/a/zookeeper_limits", "count=100,bytes=-1", CreateMode.PERSISTENT);
        create(client, "/zookeeper/quota/a/zookeeper_stats", "count=1,bytes=3", CreateMode.PERSISTENT);
        ZooKeeper ended = connect(address);
        create(ended, "/a/ended", "", CreateMode.EPHEMERAL);
        ended.close();
        special(client, "/before");
    }

    static void after(ZooKeeper client, ZooKeeper living) throws Exception {
        create(living, "/a/living", "here", CreateMode.EPHEMERAL);
        create(living, "/a/living-", "", CreateMode.EPHEMERAL_SEQUENTIAL);
        create(client, "/mine", "", CreateMode.EPHEMERAL);
        client.setData("/a", "three".getBytes("UTF-8"), 0);
        client.setData("/a/null", null, -1);
        Id user = new Id("digest", DigestAuthenticationProvider.generateDigest("anna:secret"));
        client.setACL("/a/b", Arrays.asList(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE), new ACL(Perms.ALL, user), new ACL(Perms.WRITE, new Id("ip", "10.0.0.1"))), -1);
        client.multi(Arrays.asList(
                Op.check("/a", -1),
                Op.create("/m", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.create("/m/s-", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL),
                Op.setData("/a/b", "multi".getBytes("UTF-8"), -1),
                Op.delete("/a/s-0000000003", -1)));
        try {
            client.multi(Arrays.asList(
                    Op.create("/never", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                    Op.delete("/a/missing", -1)));
            throw new IllegalStateException();
        } catch (KeeperException expected) {
        }
        try {
            client.delete("/a/missing", -1);
            throw new IllegalStateException();
        } catch (KeeperException expected) {
        }
        special(client, "/after");
    }

    /** What older versions do not have. */
    static void special(ZooKeeper client, String prefix) throws Exception {
        try {
            client.create(prefix + "-container", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.valueOf("CONTAINER"));
            create(client, prefix + "-container/child", "", CreateMode.PERSISTENT);
            ZooKeeper.class
                    .getMethod("create", String.class, byte[].class, List.class, CreateMode.class, Stat.class, long.class)
                    .invoke(client, prefix + "-ttl", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.valueOf("PERSISTENT_WITH_TTL"), new Stat(), 3600000L);
        } catch (KeeperException.UnimplementedException | IllegalArgumentException | NoSuchMethodException old) {
            System.out.println("without containers and times to live: " + old);
            awaitConnection(client);
        }
    }

    /** 3.4 closes the connection over an operation that it does not know. */
    static void awaitConnection(ZooKeeper client) throws Exception {
        for (int i = 0; i < 20; i++) {
            try {
                client.sync("/", null, null);
                Thread.sleep(100);
                client.exists("/", false);
            } catch (KeeperException.ConnectionLossException lost) {
            }
        }
    }

    static void create(ZooKeeper client, String path, String data, CreateMode mode) throws Exception {
        client.create(path, data.getBytes("UTF-8"), Ids.OPEN_ACL_UNSAFE, mode);
    }

    static void dump(ZooKeeper client, String path, PrintWriter out) throws Exception {
        Stat stat = new Stat();
        byte[] data = client.getData(path, false, stat);
        StringBuilder acl = new StringBuilder();
        for (ACL each : client.getACL(path, new Stat())) {
            acl.append(' ').append(each.getPerms()).append(':').append(each.getId().getScheme()).append(':').append(each.getId().getId());
        }
        out.println(path + " " + (data == null ? "null" : Base64.getEncoder().encodeToString(data)) + " "
                + Long.toHexString(stat.getCzxid()) + " " + Long.toHexString(stat.getMzxid()) + " " + Long.toHexString(stat.getPzxid()) + " "
                + stat.getCtime() + " " + stat.getMtime() + " " + stat.getVersion() + " " + stat.getCversion() + " " + stat.getAversion() + " "
                + Long.toHexString(stat.getEphemeralOwner()) + " " + stat.getNumChildren() + acl);
        List<String> children = new ArrayList<String>(client.getChildren(path, false));
        Collections.sort(children);
        for (String child : children) {
            dump(client, path.equals("/") ? path + child : path + "/" + child, out);
        }
    }
}
