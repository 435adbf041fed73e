package io.coord.client.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.WatchEvent;
import io.coord.protocol.data.EventType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WatchBacklogTest {
    private static final int LIMIT = WatchBacklog.LIMIT;

    /** Runs nothing before it is told to. */
    private static final class Held implements SerialExecutor {
        final Deque<Runnable> tasks = new ArrayDeque<>();

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
    }

    private final Held queue = new Held();
    private final List<WatchEvent> told = new ArrayList<>();
    private int missed;
    private final WatchBacklog backlog = new WatchBacklog(queue, told::add, () -> missed++);

    private static WatchEvent event(EventType type, String path, long zxid) {
        return new WatchEvent(type, path, zxid);
    }

    private void fill() {
        IntStream.range(0, LIMIT).forEach(i -> backlog.add(event(EventType.NODE_DATA_CHANGED, "/same", i)));
    }

    @Test
    void tellsEachEventWhileTheWatcherKeepsUp() {
        fill();
        queue.runAll();
        fill();
        queue.runAll();
        assertThat(told).hasSize(2 * LIMIT);
    }

    @Test
    void beyondTheBoundTellsTheLastEventOfEachKindInTheirOrder() {
        fill();
        for (int i = 0; i < 1_000_000; i++) {
            backlog.add(event(EventType.NODE_DATA_CHANGED, "/a", i));
        }
        backlog.add(event(EventType.NODE_DELETED, "/b", 1));
        backlog.add(event(EventType.NODE_CREATED, "/b", 2));
        backlog.add(event(EventType.NODE_DELETED, "/b", 3));
        assertThat(queue.tasks).as("what the queue holds").hasSize(LIMIT + 1);
        queue.runAll();
        assertThat(told.subList(LIMIT, told.size()))
                .containsExactly(
                        event(EventType.NODE_DATA_CHANGED, "/a", 999_999),
                        event(EventType.NODE_CREATED, "/b", 2),
                        event(EventType.NODE_DELETED, "/b", 3));
        assertThat(missed).isZero();
    }

    @Test
    void tellsThatSomethingWasMissedOnceTheWatcherHasCaughtUp() {
        fill();
        IntStream.range(0, 1_000_000).forEach(i -> backlog.add(event(EventType.NODE_CREATED, "/" + i, i)));
        assertThat(queue.tasks).hasSize(LIMIT + 1);
        assertThat(missed).isZero();
        queue.runAll();
        assertThat(told).hasSize(LIMIT);
        assertThat(missed).isEqualTo(1);
        backlog.add(event(EventType.NODE_CREATED, "/later", 1));
        queue.runAll();
        assertThat(told).last().isEqualTo(event(EventType.NODE_CREATED, "/later", 1));
    }

    @Test
    void whatComesWhileMergedEventsAreToldIsToldAfterThem() {
        fill();
        backlog.add(event(EventType.NODE_CREATED, "/a", 1));
        backlog.add(event(EventType.NODE_CREATED, "/b", 2));
        for (int i = 0; i <= LIMIT; i++) {
            queue.tasks.remove().run();
        }
        backlog.add(event(EventType.NODE_CREATED, "/c", 3));
        queue.runAll();
        assertThat(told.subList(LIMIT, told.size()))
                .extracting(WatchEvent::path)
                .containsExactly("/a", "/b", "/c");
    }
}
