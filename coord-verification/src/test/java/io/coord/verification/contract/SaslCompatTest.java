package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.EmbeddedServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestLoginModule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stock clients that authenticate by SASL's DIGEST-MD5, as their JAAS file tells them. */
@Timeout(60)
class SaslCompatTest {
    private static final int TIMEOUT_MS = 10_000;

    private static @Nullable Configuration before;

    private EmbeddedServer server;

    @BeforeAll
    static void configure() {
        try {
            before = Configuration.getConfiguration();
        } catch (SecurityException e) {
            // There is none, and no file to make one from.
            before = null;
        }
        Configuration.setConfiguration(new Sections());
    }

    @AfterAll
    static void restore() {
        Configuration.setConfiguration(before);
    }

    @BeforeEach
    void start() {
        server = EmbeddedServer.builder()
                .port(0)
                .saslUser("bob", "secret")
                .saslUser("root", "secret")
                .saslSuperUser("root")
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ZooKeeper connect(String section) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, section);
        config.setProperty("zookeeper.fips-mode", "false");
        return new ZooKeeper(server.connectString(), TIMEOUT_MS, event -> {}, config);
    }

    @Test
    void aUserOwnsWhatItCreatesAndOthersDoNot() throws Exception {
        ZooKeeper bob = connect("bob");
        bob.create("/bobs", new byte[] {1}, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        assertThat(bob.getACL("/bobs", new Stat())).containsExactly(new ACL(Perms.ALL, new Id("sasl", "bob")));
        assertThat(bob.whoAmI())
                .extracting(info -> info.getAuthScheme() + ":" + info.getUser())
                .contains("sasl:bob");
        bob.close();

        ZooKeeper stranger = connect("nobody");
        assertThatThrownBy(() -> stranger.getData("/bobs", false, null))
                .isInstanceOf(KeeperException.NoAuthException.class);
        stranger.close();

        ZooKeeper root = connect("root");
        assertThat(root.getData("/bobs", false, null)).containsExactly(1);
        root.close();
    }

    /** The client takes the end of the connection or the failure for the reason, whichever its thread sees first. */
    @Test
    void whoHasAWrongPasswordIsSentAway() throws Exception {
        ZooKeeper liar = connect("liar");
        assertThatThrownBy(() -> liar.exists("/", false))
                .isInstanceOfAny(
                        KeeperException.AuthFailedException.class, KeeperException.ConnectionLossException.class);
        liar.close();
    }

    @Test
    void whereSaslIsRequiredOnlyUsersGetIn() throws Exception {
        try (EmbeddedServer strict = EmbeddedServer.builder()
                .port(0)
                .saslUser("bob", "secret")
                .requiredAuthSchemes(Set.of("sasl"))
                .start()) {
            server.close();
            server = strict;
            ZooKeeper bob = connect("bob");
            assertThat(bob.exists("/", false)).isNotNull();
            bob.close();
            ZooKeeper stranger = connect("nobody");
            assertThatThrownBy(() -> stranger.exists("/", false))
                    .isInstanceOf(KeeperException.SessionClosedRequireAuthException.class);
            stranger.close();
        }
    }

    /** What would be in a JAAS file. */
    private static final class Sections extends Configuration {
        private static final Map<String, String> PASSWORDS = Map.of("bob", "secret", "root", "secret", "liar", "wrong");

        @Override
        public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String name) {
            String password = PASSWORDS.get(name);
            if (password == null) {
                return null;
            }
            String user = name.equals("liar") ? "bob" : name;
            return List.of(new AppConfigurationEntry(
                            DigestLoginModule.class.getName(),
                            AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                            Map.of("username", user, "password", password)))
                    .toArray(AppConfigurationEntry[]::new);
        }
    }
}
