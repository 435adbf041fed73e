package io.coord.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.error.AuthFailedException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.PartlyDeletedException;
import io.coord.client.fixture.CuttableProxy;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AuthTest {
    @TempDir
    Path directory;

    @Test
    void presentsAllIdentitiesOnEachConnection() {
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                CuttableProxy proxy = new CuttableProxy(zooKeeper.port());
                CoordClient owner = CoordClient.builder()
                        .connectString(proxy.connectString())
                        .authorization("digest", "ann:secret".getBytes(UTF_8))
                        .authorization("digest", "bob:secret".getBytes(UTF_8))
                        .aclProvider(AclProvider.CREATOR_ALL)
                        .build()
                        .start();
                CoordClient stranger = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .build()
                        .start();
                CoordClient bob = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .authorization("digest", "bob:secret".getBytes(UTF_8))
                        .build()
                        .start()) {
            owner.create().creatingParentsIfNeeded().forPath("/private/node", new byte[] {1});
            assertThat(owner.getACL().forPath("/private/node")).hasSize(2);
            assertThat(owner.getACL().forPath("/private"))
                    .as("created parents have the ACL as well")
                    .extracting(Acl::perms)
                    .containsOnly(Acl.ALL);
            assertThatThrownBy(() -> stranger.getData().forPath("/private/node"))
                    .isInstanceOf(NoAuthException.class);
            assertThat(bob.getData().forPath("/private/node")).containsExactly(1);

            proxy.cut();
            assertThat(owner.getData().forPath("/private/node")).containsExactly(1);
        }
    }

    @Test
    void presentsAnIdentityThatIsAddedLaterOnThisConnectionAndTheNext() {
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                CuttableProxy proxy = new CuttableProxy(zooKeeper.port());
                CoordClient owner = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .authorization("digest", "ann:secret".getBytes(UTF_8))
                        .aclProvider(AclProvider.CREATOR_ALL)
                        .build()
                        .start();
                CoordClient late = CoordClient.builder()
                        .connectString(proxy.connectString())
                        .build()
                        .start()) {
            owner.create().forPath("/private", new byte[] {1});
            assertThatThrownBy(() -> late.getData().forPath("/private")).isInstanceOf(NoAuthException.class);
            long session = late.sessionId();

            late.addAuthorization("digest", "ann:secret".getBytes(UTF_8));
            assertThat(late.getData().forPath("/private")).containsExactly(1);
            proxy.cut();
            assertThat(late.getData().forPath("/private")).containsExactly(1);
            assertThat(late.sessionId()).isEqualTo(session);

            late.addAuthorization("no-such-scheme", new byte[] {1});
            assertThatThrownBy(() -> late.getData().forPath("/private")).isInstanceOf(AuthFailedException.class);
        }
    }

    @Test
    void failsCallsAtOnceWhenTheServerRefusesTheCredentials() {
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                CoordClient client = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .authorization("no-such-scheme", new byte[] {1})
                        .requestTimeout(Duration.ofSeconds(20))
                        .build()
                        .start()) {
            long before = System.nanoTime();
            assertThatThrownBy(() -> client.create().forPath("/a")).isInstanceOf(AuthFailedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void createdParentsGetTheAclOfTheCallOnlyWhenAsked() {
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                CoordClient client = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .build()
                        .start()) {
            List<Acl> readOnly = List.of(new Acl(Acl.READ | Acl.CREATE, Id.ANYONE));
            client.create().creatingParentsIfNeeded().withACL(readOnly, true).forPath("/strict/a/b");
            client.create().creatingParentContainersIfNeeded().withACL(readOnly).forPath("/loose/a/b");
            assertThat(client.getACL().forPath("/strict")).isEqualTo(readOnly);
            assertThat(client.getACL().forPath("/strict/a")).isEqualTo(readOnly);
            assertThat(client.getACL().forPath("/strict/a/b")).isEqualTo(readOnly);
            assertThat(client.getACL().forPath("/loose/a")).isEqualTo(Acl.OPEN);
            assertThat(client.getACL().forPath("/loose/a/b")).isEqualTo(readOnly);
        }
    }

    @Test
    void aDeleteThatStopsHalfwaySaysSo() {
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                CoordClient client = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .build()
                        .start()) {
            List<Acl> noDeleteBelow = List.of(new Acl(Acl.READ | Acl.CREATE, Id.ANYONE));
            client.create().forPath("/a");
            client.create().withACL(noDeleteBelow).forPath("/a/kept");
            client.create().forPath("/a/kept/child");
            // Nothing was deleted before the refusal: it stays what it is.
            assertThatThrownBy(() -> client.delete().deletingChildrenIfNeeded().forPath("/a"))
                    .isInstanceOf(NoAuthException.class);
            client.create().creatingParentsIfNeeded().forPath("/a/gone/child");
            assertThatThrownBy(() -> client.delete().deletingChildrenIfNeeded().forPath("/a"))
                    .isInstanceOf(PartlyDeletedException.class)
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasMessageContaining("delete /a")
                    .cause()
                    .isInstanceOf(NoAuthException.class);
            assertThat(client.checkExists().forPath("/a/gone/child")).isNull();
            assertThat(client.checkExists().forPath("/a/kept/child")).isNotNull();
        }
    }
}
