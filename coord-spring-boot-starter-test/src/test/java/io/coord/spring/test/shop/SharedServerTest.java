package io.coord.spring.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.test.CoordTest;
import io.coord.spring.test.CoordTestServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.NestedTestConfiguration;
import org.springframework.test.context.NestedTestConfiguration.EnclosingConfiguration;

/** Two contexts on one server do not see each other's znodes. */
@Timeout(60)
@NestedTestConfiguration(EnclosingConfiguration.OVERRIDE)
class SharedServerTest {

    @Nested
    @CoordTest(server = CoordTestServer.SHARED, properties = "context=first")
    class First {

        @Test
        void hasAPartOfItsOwn(@Autowired CoordClient client, @Autowired CoordServers servers) {
            takePart(client, servers);
        }
    }

    @Nested
    @CoordTest(server = CoordTestServer.SHARED, properties = "context=second")
    class Second {

        @Test
        void hasAPartOfItsOwn(@Autowired CoordClient client, @Autowired CoordServers servers) {
            takePart(client, servers);
        }
    }

    private static void takePart(CoordClient client, CoordServers servers) {
        assertThat(servers.addresses()).matches("127\\.0\\.0\\.1:\\d+/context-\\d+");
        assertThat(client.getChildren().forPath("/")).isEmpty();
        client.create().forPath("/mine");
    }
}
