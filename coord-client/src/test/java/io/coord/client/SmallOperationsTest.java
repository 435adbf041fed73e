package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.error.NoNodeException;
import io.coord.client.session.ConnectionStateErrorPolicy;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.data.CreateMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operations that ask about the client itself or a whole branch, on a real ZooKeeper. */
class SmallOperationsTest extends ProxiedClientTest {
    @Override
    void configure(CoordClientBuilder builder) {
        builder.namespace("app")
                .authorization("digest", "shop:secret".getBytes(StandardCharsets.UTF_8))
                .aclProvider(AclProvider.byDefault(Acl.OPEN)
                        .below("/app/private", Acl.CREATOR_ALL)
                        .at("/app/private/door", Acl.OPEN))
                .connectionStateErrorPolicy(ConnectionStateErrorPolicy.SESSION);
    }

    @Test
    void countsWhatIsBelowAZnode() {
        client.create().creatingParentsIfNeeded().forPath("/a/b/c");
        client.create().forPath("/a/d");
        assertThat(client.getAllChildrenNumber().forPath("/a")).isEqualTo(3);
        assertThat(client.getAllChildrenNumber()
                        .afterSync()
                        .forPathAsync("/a/d")
                        .toCompletableFuture()
                        .join())
                .isZero();
        assertThatThrownBy(() -> client.getAllChildrenNumber().forPath("/none")).isInstanceOf(NoNodeException.class);
    }

    @Test
    void listsItsOwnEphemeralZnodesInsideItsNamespace() {
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine-1");
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine-2");
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/another");
        client.create().forPath("/mine-3");
        other.create().withMode(CreateMode.EPHEMERAL).forPath("/app/mine-4");
        client.usingNamespace("").create().withMode(CreateMode.EPHEMERAL).forPath("/app-outside");
        assertThat(client.getEphemerals().forPath("/")).containsExactlyInAnyOrder("/mine-1", "/mine-2", "/another");
        assertThat(client.getEphemerals().afterSync().forPath("/mine-"))
                .containsExactlyInAnyOrder("/mine-1", "/mine-2");
        assertThat(other.getEphemerals().forPathAsync("/").toCompletableFuture().join())
                .containsExactly("/app/mine-4");
    }

    @Test
    void tellsAsWhomTheServerSeesIt() {
        assertThat(client.whoAmI().forConnection()).contains(new ClientInfo("digest", "shop"));
        assertThat(other.whoAmI().forConnectionAsync().toCompletableFuture().join())
                .extracting(ClientInfo::authScheme)
                .containsExactly("ip");
    }

    @Test
    void aclsComeFromRulesForCreatedParentsToo() {
        client.create().creatingParentsIfNeeded().forPath("/private/a/b");
        client.create().forPath("/private/door");
        client.create().forPath("/public");
        assertThat(client.getACL().forPath("/public")).isEqualTo(Acl.OPEN);
        assertThat(client.getACL().forPath("/private/door")).isEqualTo(Acl.OPEN);
        for (String path : new String[] {"/private", "/private/a", "/private/a/b"}) {
            assertThat(client.getACL().afterSync().forPath(path))
                    .as(path)
                    .singleElement()
                    .satisfies(acl -> assertThat(acl.id().scheme()).isEqualTo("digest"));
        }
    }

    @Test
    void readsShowWhatOthersWroteAfterASync() {
        other.create().creatingParentsIfNeeded().forPath("/app/x");
        assertThat(client.checkExists().afterSync().forPath("/x")).isNotNull();
        assertThat(client.getChildren().afterSync().forPath("/")).containsExactly("x");
        assertThat(client.multiRead().afterSync().forOperations(List.of(ReadOp.getData("/x"))))
                .hasSize(1);
    }

    @Test
    void recipesMayAskWhichStatesAreErrors() {
        assertThat(client.connectionStateErrorPolicy().isErrorState(SessionState.SUSPENDED))
                .isFalse();
        assertThat(client.usingNamespace("x").connectionStateErrorPolicy().isErrorState(SessionState.LOST))
                .isTrue();
        assertThat(other.connectionStateErrorPolicy().isErrorState(SessionState.SUSPENDED))
                .isTrue();
    }
}
