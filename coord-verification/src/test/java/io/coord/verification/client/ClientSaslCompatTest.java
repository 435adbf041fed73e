package io.coord.verification.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.coord.client.AclProvider;
import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.error.AuthFailedException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.session.SessionEvent;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.server.EmbeddedServer;
import io.coord.testkit.FaultProxy;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.server.auth.DigestLoginModule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Our client shows by SASL who it is, to our server and to a real ZooKeeper, which has its provider from the POM. */
@Timeout(60)
class ClientSaslCompatTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static @Nullable Configuration before;

    @BeforeAll
    static void configure() {
        try {
            before = Configuration.getConfiguration();
        } catch (SecurityException e) {
            // There is none, and no file to make one from.
            before = null;
        }
    }

    @AfterAll
    static void restore() {
        Configuration.setConfiguration(before);
    }

    /** A JAAS file with the users of a server, or without. */
    private static final class ServerSection extends Configuration {
        private final Map<String, String> users;

        ServerSection(Map<String, String> users) {
            this.users = users;
        }

        @Override
        public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String name) {
            return !name.equals("Server") || users.isEmpty()
                    ? null
                    : List.of(new AppConfigurationEntry(
                                    DigestLoginModule.class.getName(),
                                    AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                                    users))
                            .toArray(AppConfigurationEntry[]::new);
        }
    }

    private enum Kind {
        COORD {
            @Override
            Server start(boolean withUsers) {
                EmbeddedServer.Builder builder = EmbeddedServer.builder().port(0);
                if (withUsers) {
                    builder.saslUser("bob", "secret").saslUser("ann", "other");
                }
                EmbeddedServer server = builder.start();
                return new Server(server.port(), server::close);
            }
        },
        ZOOKEEPER {
            @Override
            Server start(boolean withUsers) {
                Configuration.setConfiguration(new ServerSection(
                        withUsers ? Map.of("user_bob", "secret", "user_ann", "other") : Map.<String, String>of()));
                ZooKeeperUnderTest server = ZooKeeperUnderTest.start();
                return new Server(server.port(), server::close);
            }
        };

        abstract Server start(boolean withUsers);
    }

    private record Server(int port, Runnable end) implements AutoCloseable {
        String connectString() {
            return "127.0.0.1:" + port;
        }

        @Override
        public void close() {
            end.run();
        }
    }

    private static CoordClientBuilder client(String servers) {
        return CoordClient.builder().connectString(servers).requestTimeout(LONG);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aUserOwnsWhatItCreatesOnThisConnectionAndTheNextAndOthersDoNot(Kind kind) throws Exception {
        try (Server server = kind.start(true);
                FaultProxy proxy = FaultProxy.to(server.port());
                CoordClient bob = client(proxy.connectString())
                        .saslUser("bob", "secret")
                        .aclProvider(AclProvider.CREATOR_ALL)
                        .build()
                        .start();
                CoordClient ann = client(server.connectString())
                        .saslUser("ann", "other")
                        .build()
                        .start();
                CoordClient stranger = client(server.connectString()).build().start()) {
            Queue<SessionEvent.Type> events = new ConcurrentLinkedQueue<>();
            bob.addSessionListener(event -> events.add(event.type()));
            bob.create().forPath("/bobs", new byte[] {1});
            assertThat(bob.getACL().forPath("/bobs")).containsExactly(new Acl(Acl.ALL, new Id("sasl", "bob")));
            long session = bob.sessionId();
            assertThatThrownBy(() -> ann.getData().forPath("/bobs")).isInstanceOf(NoAuthException.class);
            assertThatThrownBy(() -> stranger.getData().forPath("/bobs")).isInstanceOf(NoAuthException.class);

            for (int i = 0; i < 3; i++) {
                proxy.cut();
                assertThat(bob.getData().forPath("/bobs")).containsExactly(1);
            }
            assertThat(bob.sessionId()).isEqualTo(session);
            await().untilAsserted(() -> assertThat(events)
                    .startsWith(SessionEvent.Type.CONNECTED)
                    .contains(SessionEvent.Type.SUSPENDED, SessionEvent.Type.RECONNECTED)
                    .doesNotContain(SessionEvent.Type.LOST));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRefusalIsSaidAtOnceWithTheUserAndWithoutThePassword(Kind kind) {
        try (Said said = new Said();
                Server server = kind.start(true);
                CoordClient liar = client(server.connectString())
                        .saslUser("bob", "Not-The-Password")
                        .build()
                        .start()) {
            assertThatThrownBy(() -> liar.create().forPath("/a"))
                    .isInstanceOf(AuthFailedException.class)
                    .isNotInstanceOf(OutcomeUnknown.class)
                    .hasMessageContaining("SASL user bob (DIGEST-MD5)")
                    .hasMessageNotContaining("Not-The-Password");
            assertThat(said.lines).noneMatch(line -> line.contains("Not-The-Password"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aServerThatKnowsNoUsersIsNotTakenForOneThatDoes(Kind kind) {
        try (Server server = kind.start(false);
                CoordClient bob = client(server.connectString())
                        .saslUser("bob", "secret")
                        .build()
                        .start()) {
            assertThatThrownBy(() -> bob.create().forPath("/a"))
                    .isInstanceOf(AuthFailedException.class)
                    .hasMessageContaining("knows no users of SASL");
        }
    }

    /** All that our packages log, DEBUG too. */
    private static final class Said implements AutoCloseable {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final Logger logger = (Logger) LoggerFactory.getLogger("io.coord");
        private final @Nullable Level level = logger.getLevel();
        private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage() + " " + event.getThrowableProxy());
            }
        };

        Said() {
            appender.setContext(logger.getLoggerContext());
            appender.start();
            logger.addAppender(appender);
            logger.setLevel(Level.DEBUG);
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
            logger.setLevel(level);
        }
    }
}
