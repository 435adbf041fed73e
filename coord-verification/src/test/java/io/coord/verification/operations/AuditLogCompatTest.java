package io.coord.verification.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.coord.server.EmbeddedServer;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.audit.AuditEvent;
import org.apache.zookeeper.audit.AuditLogger;
import org.apache.zookeeper.audit.ZKAuditProvider;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same work of stock clients on both servers, and the lines that each writes about it. */
@SuppressWarnings("try") // ZooKeeper's close may be interrupted.
class AuditLogCompatTest {
    private static final byte[] DATA = {1, 2, 3};

    private static List<String> ofZooKeeper;
    private static List<String> ofCoord;

    /** Work whose lines are compared. */
    private interface Work {
        void run(ZooKeeper client, ZooKeeper other) throws KeeperException, InterruptedException;
    }

    @BeforeAll
    static void workOnBoth() throws Exception {
        ofZooKeeper = onZooKeeper(AuditLogCompatTest::work);
        ofCoord = onCoord(AuditLogCompatTest::work);
    }

    @AfterAll
    static void forget() {
        ofZooKeeper = List.of();
        ofCoord = List.of();
    }

    /** Its switch is looked at once in a JVM, before any test could set it, so it is set where it is kept. */
    private static void setAudit(boolean enabled, AuditLogger logger) throws ReflectiveOperationException {
        set("auditLogger", logger);
        set("auditEnabled", enabled);
    }

    private static void set(String name, Object value) throws ReflectiveOperationException {
        Field field = ZKAuditProvider.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(null, value);
    }

    private static List<String> onZooKeeper(Work work) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        setAudit(true, new AuditLogger() {
            @Override
            public void logAuditEvent(AuditEvent event) {
                String level = event.getResult() == AuditEvent.Result.FAILURE ? "ERROR" : "INFO";
                lines.add(level + " " + event);
            }
        });
        try (ZooKeeperUnderTest server = ZooKeeperUnderTest.start()) {
            run(work, server.connectString(), lines);
        } finally {
            setAudit(false, event -> {});
        }
        return shown(lines);
    }

    private static List<String> onCoord(Work work) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger("org.apache.zookeeper.audit.Slf4jAuditLogger");
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                lines.add(line.getLevel() + " " + line.getFormattedMessage());
            }
        };
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        try (EmbeddedServer server =
                EmbeddedServer.builder().port(0).audit(true).start()) {
            run(work, server.connectString(), lines);
        } finally {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        lines.removeIf(line -> line.contains("operation=serverSt"));
        return shown(lines);
    }

    private static void run(Work work, String server, List<String> lines)
            throws IOException, InterruptedException, KeeperException {
        ZooKeeper client = OperatedServers.client(server);
        ZooKeeper other = OperatedServers.client(server);
        work.run(client, other);
        other.close();
        client.close();
        // The last things that happen; what was created as an ephemeral lives until then.
        await().untilAsserted(() -> assertThat(lines.stream().filter(AuditLogCompatTest::isEndOfEphemeral))
                .hasSameSizeAs(
                        lines.stream().filter(AuditLogCompatTest::isEphemeral).toList())
                .isNotEmpty());
    }

    private static boolean isEndOfEphemeral(String line) {
        return line.contains("OnSessionCloseOrExpire");
    }

    /** But for the one that its own transaction deletes again. */
    private static boolean isEphemeral(String line) {
        return line.contains("znode_type=ephemeral")
                && line.endsWith("result=success")
                && !line.contains("znode=/m/e\t");
    }

    private static void work(ZooKeeper client, ZooKeeper other) throws KeeperException, InterruptedException {
        client.create("/last", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create("/a", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/a/n-", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        client.create("/a/stat-", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL, new Stat());
        client.create("/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create("/ttl", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, 60_000);
        client.setData("/a", DATA, -1);
        client.getData("/a", false, null);
        client.setACL("/a", acl(Perms.ALL, Ids.ANYONE_ID_UNSAFE), -1);
        client.setACL("/c", acl(Perms.READ | Perms.ADMIN, new Id("ip", "10.0.0.0/8")), -1);
        client.delete("/a/n-0000000000", -1);
        fails(() -> client.create("/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        fails(() -> client.create("/none/a-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL));
        fails(() -> client.setData("/a", null, 77));
        fails(() -> client.delete("/none", -1));
        fails(() -> client.delete("/a", -1));
        fails(() -> client.setACL("/c", Ids.OPEN_ACL_UNSAFE, -1));
        client.multi(List.of(
                Op.create("/m", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.create("/m/e", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL),
                Op.setData("/m", null, 0),
                Op.check("/m", 1),
                Op.delete("/m/e", -1)));
        fails(() -> client.multi(
                List.of(Op.create("/m2", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT), Op.check("/m", 77))));
        other.addAuthInfo("digest", "ann:secret".getBytes(StandardCharsets.UTF_8));
        other.create("/ann", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        fails(() -> client.setData("/ann", null, -1));
        other.create("/others", null, Ids.CREATOR_ALL_ACL, CreateMode.EPHEMERAL);
    }

    /** Its client looks for null in the list, which that of {@code List.of} does not stand. */
    private static List<ACL> acl(int perms, Id id) {
        return new ArrayList<>(List.of(new ACL(perms, id)));
    }

    private interface Failing {
        void run() throws KeeperException, InterruptedException;
    }

    private static void fails(Failing request) {
        assertThatThrownBy(request::run).isInstanceOf(KeeperException.class);
    }

    /** Ids of sessions are others', and ZooKeeper keeps who a client is, and a session's ephemerals, in sets without order. */
    private static List<String> shown(List<String> lines) {
        List<String> shown = new ArrayList<>();
        Set<String> ended = new TreeSet<>();
        for (String line : lines) {
            (isEndOfEphemeral(line) ? ended : shown)
                    .add(line.replaceAll("session=0x[0-9a-f]+", "session=S")
                            .replace("user=ann,127.0.0.1", "user=127.0.0.1,ann"));
        }
        shown.addAll(ended);
        return shown;
    }

    @Test
    void eachLineIsTheSame() {
        assertThat(ofCoord).isEqualTo(ofZooKeeper);
        assertThat(ofCoord).hasSizeGreaterThan(20);
    }

    @Test
    void theHashOfAPasswordIsShownThereOnly() throws Exception {
        Id ann = new Id("digest", "ann:aGFzaA==");
        Work work = (client, other) -> {
            client.create("/last", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            client.setACL("/last", acl(Perms.ALL, ann), -1);
        };
        assertThat(onZooKeeper(work)).anyMatch(line -> line.contains("acl=digest:ann:aGFzaA==:cdrwa"));
        assertThat(onCoord(work)).anyMatch(line -> line.contains("acl=digest:ann:x:cdrwa"));
    }
}
