package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionState;
import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.RecipeContract;
import io.coord.recipes.server.TestServer;
import io.coord.testkit.FaultProxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A lease whose watch could not be armed when its listener came. */
class LeaseWatchOnCoordTest extends RecipeContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }

    @Test
    void tellsTheLossOfALeaseThatWasFirstWatchedDuringAnOutage() {
        CoordClient other = client();
        FaultProxy proxy = proxy();
        CoordClient client = closing(CoordClient.builder()
                .connectString(proxy.connectString())
                .sessionTimeout(Duration.ofSeconds(20))
                .requestTimeout(Duration.ofMillis(500))
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(50), Duration.ofMillis(200), 0.5))
                .build());
        client.start();
        soon().until(() -> client.state() == SessionState.CONNECTED);
        Lease lease = new Mutex(client, place("watched")).acquire();

        unplug(proxy);
        soon().until(() -> lease.state() == LeaseState.SUSPECT);
        CompletableFuture<Lease> told = new CompletableFuture<>();
        lease.onLost(told::complete);
        // What was sent for the listener has failed by the time at which these have.
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.getData().forPath(lease.path()))
                    .isInstanceOf(RequestTimeoutException.class);
        }
        proxy.resume();
        soon().until(() -> lease.state() == LeaseState.HELD);
        other.delete().forPath(lease.path());

        get(told);
        soon().until(() -> lease.state() == LeaseState.LOST);
    }
}
