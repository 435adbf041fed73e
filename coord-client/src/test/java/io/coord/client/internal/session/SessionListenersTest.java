package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionListenersTest {
    private final SessionListeners listeners = new SessionListeners();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<SessionEvent> told = new ArrayList<>();
    private final SerialExecutor held = new SerialExecutor() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }
    };

    private void tell(SessionEvent.Type type, long generation) {
        listeners.tell(new SessionEvent(type, generation, generation));
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void aListenerThatStandsStillHearsOfABoundedNumberOfBreaksAndOfEveryLoss() {
        listeners.add(told::add, held);
        tell(SessionEvent.Type.CONNECTED, 1);
        for (int i = 0; i < 100_000; i++) {
            tell(SessionEvent.Type.SUSPENDED, 1);
            tell(SessionEvent.Type.RECONNECTED, 1);
        }
        tell(SessionEvent.Type.SUSPENDED, 1);
        tell(SessionEvent.Type.LOST, 1);
        tell(SessionEvent.Type.RECONNECTED, 2);
        assertThat(tasks).hasSizeLessThan(1_010);
        runAll();
        assertThat(told).hasSizeBetween(1_000, 1_010);
        assertThat(told.subList(told.size() - 3, told.size()))
                .extracting(SessionEvent::type)
                .containsExactly(SessionEvent.Type.SUSPENDED, SessionEvent.Type.LOST, SessionEvent.Type.RECONNECTED);
        for (int i = 1; i < told.size() - 3; i += 2) {
            assertThat(told.get(i).type()).isEqualTo(SessionEvent.Type.SUSPENDED);
            assertThat(told.get(i + 1).type()).isEqualTo(SessionEvent.Type.RECONNECTED);
        }
        tell(SessionEvent.Type.CLOSED, 2);
        runAll();
        assertThat(told).last().extracting(SessionEvent::type).isEqualTo(SessionEvent.Type.CLOSED);
    }
}
