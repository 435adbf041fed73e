package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class UnstartedClientTest {
    @Test
    void tellsOnceThatItWasClosed() {
        CoordClient client =
                CoordClient.builder().connectString("127.0.0.1:2181").build();
        List<SessionEvent> told = new CopyOnWriteArrayList<>();
        SerialExecutor queue = client.serialExecutor();
        client.addSessionListener(told::add, queue);
        client.close();
        client.close();
        CompletableFuture<Void> afterwards = new CompletableFuture<>();
        queue.execute(() -> afterwards.complete(null));
        afterwards.join();

        assertThat(told).containsExactly(new SessionEvent(SessionEvent.Type.CLOSED, 0, 0));
        assertThat(client.state()).isEqualTo(SessionState.CLOSED);
    }
}
