package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.SetDataRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of the same process that takes nothing: its bytes lie in the heap that it shares with the server. */
@Timeout(60)
class InProcessLimitsTest {
    private static final int LARGE = 500_000;
    private static final int LONG_NAME = 50_000;
    private static final int MOST_WRITES = 4_000;
    private static final int REQUESTS = 400;

    private static CreateRequest create(String path, byte[] data) {
        return new CreateRequest(OpCode.CREATE, path, data, Acl.OPEN, 0);
    }

    @Test
    void repliesThatAreNotTakenDoNotPileUpAndAllComeWhenTheyAre() {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                LocalClient client = LocalClient.connect(server.localAddress());
                LocalClient neighbour = LocalClient.connect(server.localAddress())) {
            assertThat(client.call(1, create("/large", new byte[LARGE]))).isZero();
            long before = UsedMemory.afterCollection();
            client.stopTaking();
            for (int i = 0; i < REQUESTS; i++) {
                client.send(2, new GetDataRequest("/large", false));
            }
            // A round trip of another client: all that was sent before has been looked at.
            assertThat(neighbour.call(1, new GetDataRequest("/", false))).isZero();
            assertThat(UsedMemory.afterCollection() - before)
                    .as("%d replies of %d bytes", REQUESTS, LARGE)
                    .isLessThan(16L << 20);
            assertThat(neighbour.call(2, new SetDataRequest("/", new byte[1], -1)))
                    .isZero();
            client.takeAgain();
            long due = (long) REQUESTS * LARGE;
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(client.takenBytes()).isGreaterThan(due));
        }
    }

    @Test
    void aWatcherThatTakesNoEventsIsCutOff() {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                LocalClient watcher = LocalClient.connect(server.localAddress());
                LocalClient writer = LocalClient.connect(server.localAddress())) {
            assertThat(watcher.call(1, new AddWatchRequest("/", 1))).isZero();
            watcher.stopTaking();
            String path = "/" + "x".repeat(LONG_NAME);
            assertThat(writer.call(1, create(path, null))).isZero();
            long before = UsedMemory.afterCollection();
            int writes = 0;
            while (server.status().connections() == 2 && writes < MOST_WRITES) {
                assertThat(writer.call(2, new SetDataRequest(path, null, -1))).isZero();
                writes++;
            }
            assertThat(server.status().connections()).isEqualTo(1);
            assertThat((long) writes * LONG_NAME).as("bytes of events").isBetween(16L << 20, 80L << 20);
            await().untilAsserted(() ->
                    assertThat(UsedMemory.afterCollection() - before).isLessThan(16L << 20));
        }
    }
}
