package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The record of who changed what, over real sockets. */
class AuditLogTest {
    private static final Logger LOGGER =
            (Logger) LoggerFactory.getLogger("org.apache.zookeeper.audit.Slf4jAuditLogger");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean held;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (held) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        appender.setContext(LOGGER.getLoggerContext());
        appender.start();
        LOGGER.addAppender(appender);
        LOGGER.setAdditive(false);
        LOGGER.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        released.countDown();
        LOGGER.detachAppender(appender);
        LOGGER.setAdditive(true);
        LOGGER.setLevel(null);
    }

    private static CreateRequest create(String path, int flags) {
        return new CreateRequest(OpCode.CREATE, path, new byte[3], Acl.OPEN, flags);
    }

    private static EmbeddedServer.Builder builder() {
        return EmbeddedServer.builder().port(0).audit(true);
    }

    /** Fields are parted by tabs; here by blanks, with the session's id left out. */
    private List<String> shown() {
        return lines.stream()
                .map(line -> line.replace('\t', ' ').replaceAll("session=0x[0-9a-f]+", "session=S"))
                .toList();
    }

    @Test
    void eachWriteIsALineWithWhoAndWhatAndHowItEnded() {
        String user = System.getProperty("user.name");
        try (EmbeddedServer server = builder().start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, create("/a", 0));
            client.call(2, create("/a", 0));
            client.call(3, create("/a/n-", 3));
            client.call(4, new SetDataRequest("/a", new byte[5], -1));
            client.call(5, new SetDataRequest("/a", new byte[5], 7));
            client.call(6, new GetDataRequest("/a", false));
            client.call(7, new SetAclRequest("/a", List.of(new Acl(Acl.READ | Acl.ADMIN, Id.ANYONE)), -1));
            client.call(8, new CreateTtlRequest("/ttl", null, Acl.OPEN, 5, 60_000));
            client.call(9, new DeleteRequest("/ttl", -1));
            client.call(10, new DeleteRequest("/none", -1));
        }
        String by = "session=S user=127.0.0.1 ip=127.0.0.1 operation=";

        assertThat(shown())
                .containsExactly(
                        "INFO user=" + user + " operation=serverStart result=success",
                        "INFO " + by + "create znode=/a znode_type=persistent result=success",
                        "ERROR " + by + "create znode=/a znode_type=persistent result=failure",
                        "INFO " + by + "create znode=/a/n-0000000000 znode_type=ephemeral_sequential result=success",
                        "INFO " + by + "setData znode=/a result=success",
                        "ERROR " + by + "setData znode=/a result=failure",
                        "INFO " + by + "setAcl znode=/a acl=world:anyone:ra result=success",
                        "INFO " + by + "create znode=/ttl znode_type=persistent_with_ttl result=success",
                        "INFO " + by + "delete znode=/ttl result=success",
                        "ERROR " + by + "delete znode=/none result=failure",
                        "INFO user=" + user + " operation=serverStop result=invoked");
    }

    @Test
    void aMultiIsItsStepsOrOneFailure() {
        try (EmbeddedServer server = builder().start();
                RawClient client = RawClient.session(server.port())) {
            List<Request> steps = List.of(create("/m", 0), create("/m/e", 1), new SetDataRequest("/m", null, -1));
            client.call(1, new MultiRequest(steps));
            client.call(2, new MultiRequest(List.of(create("/m2", 0), new DeleteRequest("/none", -1))));
        }

        assertThat(shown())
                .extracting(line -> line.replaceAll(".*operation=", ""))
                .containsSubsequence(
                        "create znode=/m znode_type=persistent result=success",
                        "create znode=/m/e znode_type=ephemeral result=success",
                        "setData znode=/m result=success",
                        "multiOperation result=failure")
                .noneMatch(line -> line.contains("/m2"));
    }

    @Test
    void whoHasShownWhoHeIsIsNamedAndWhoCouldNotIsNoted() {
        try (EmbeddedServer server = builder().start()) {
            try (RawClient client = RawClient.session(server.port())) {
                client.call(-4, new AuthPacket(0, "digest", "ann:secret".getBytes(StandardCharsets.UTF_8)));
                client.call(
                        1,
                        new CreateRequest(OpCode.CREATE, "/ann", null, List.of(new Acl(Acl.ALL, Id.AUTHENTICATED)), 0));
                client.call(
                        2, new SetAclRequest("/ann", List.of(new Acl(Acl.ALL, new Id("digest", "ann:aGFzaA=="))), -1));
            }
            try (RawClient client = RawClient.session(server.port())) {
                client.call(1, create("/ann/b", 0));
                client.call(-4, new AuthPacket(0, "nosuch", new byte[2]));
            }
        }

        assertThat(shown())
                .contains(
                        "INFO session=S user=127.0.0.1,ann ip=127.0.0.1 operation=create znode=/ann"
                                + " znode_type=persistent result=success",
                        "INFO session=S user=127.0.0.1,ann ip=127.0.0.1 operation=setAcl znode=/ann"
                                + " acl=digest:ann:x:cdrwa result=success",
                        "ERROR session=S user=127.0.0.1 ip=127.0.0.1 operation=create znode=/ann/b"
                                + " znode_type=persistent result=failure",
                        // What the client calls its scheme may be anything, and is not shown.
                        "ERROR session=S user=127.0.0.1 ip=127.0.0.1 operation=authenticate result=failure");
    }

    @Test
    void whoHasToShowWhoHeIsAndDoesNotIsNotedAsWellAsAWrongProof() {
        try (EmbeddedServer server =
                builder().requiredAuthSchemes(Set.of("digest")).start()) {
            try (RawClient client = RawClient.session(server.port())) {
                client.call(1, create("/a", 0));
            }
            try (RawClient client = RawClient.session(server.port())) {
                client.call(-4, new AuthPacket(0, "digest", null));
            }
        }

        assertThat(shown().stream().filter(line -> line.contains("authenticate")))
                .containsExactly(
                        "ERROR session=S user=127.0.0.1 ip=127.0.0.1 operation=authenticate result=failure",
                        "ERROR session=S user=127.0.0.1 ip=127.0.0.1 operation=authenticate scheme=digest"
                                + " result=failure");
    }

    @Test
    void aStartThatFailsIsNoted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedServer server = builder().port(taken.getLocalPort()).build();
            assertThatThrownBy(server::start).isInstanceOf(EmbeddedServerException.class);
        }

        assertThat(shown())
                .containsExactly(
                        "ERROR user=" + System.getProperty("user.name") + " operation=serverStart result=failure");
    }

    @Test
    void ephemeralsThatGoWithTheirSessionAreNotedAsTheServersDoing() {
        try (EmbeddedServer server = builder().start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, create("/e", 1));
            client.call(2, CloseSessionRequest.INSTANCE);
        }

        assertThat(shown())
                .contains("INFO session=S user=" + System.getProperty("user.name")
                        + " operation=ephemeralZNodeDeletionOnSessionCloseOrExpire znode=/e result=success");
    }

    @Test
    void noPathMakesUpALine() {
        try (EmbeddedServer server = builder().start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, new DeleteRequest("/x\tresult=success\nINFO operation=delete", -1));
        }

        assertThat(shown())
                .anyMatch(line -> line.contains("znode=/x?result=success?INFO operation=delete result=failure"));
    }

    @Test
    void nothingIsNotedUnlessItIsAskedFor() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, create("/a", 0));
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void aLogThatHangsHoldsUpNobodyAndWhatIsLostIsCounted() {
        held = true;
        int writes = 12_000;
        try (LogLines said = new LogLines("io.coord.server.internal.audit");
                EmbeddedServer server = builder().fourLetterWords("mntr").start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, create("/a", 0));
            for (int i = 0; i < writes; i++) {
                client.send(2 + i, new SetDataRequest("/a", null, -1));
                if (i % 100 == 99) {
                    takeReplies(client, 100);
                }
            }
            String counted = mntr(server.port(), "zk_coord_audit_lines_lost");
            released.countDown();
            await().untilAsserted(() -> assertThat(said.lines())
                    .anyMatch(line -> line.matches("WARN \\d+ lines of the audit log are lost: .*")));
            int lost = writes + 2 - lines.size();
            assertThat(lost).isPositive();
            assertThat(counted).isEqualTo(Integer.toString(lost));
            assertThat(said.lines()).anyMatch(line -> line.startsWith("WARN " + lost + " lines"));
        }
    }

    private static void takeReplies(RawClient client, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(client.receive().header().error()).isZero();
        }
    }

    private static String mntr(int port, String name) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("mntr".getBytes(StandardCharsets.US_ASCII));
            String page = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return page.lines()
                    .filter(line -> line.startsWith(name + '\t'))
                    .map(line -> line.substring(name.length() + 1))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server is closed though the log never comes back, a few seconds late. */
    @Test
    void aLogThatHangsDoesNotKeepAServerFromEnding() {
        held = true;
        EmbeddedServer server = builder().start();
        server.close();
        assertThat(lines).isEmpty();
    }
}
