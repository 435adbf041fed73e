package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.NoNodeException;
import io.coord.client.error.NoWatcherException;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.client.watch.Watch;
import io.coord.client.watch.WatchEvent;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.WatcherType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches against a real ZooKeeper. "Nothing more came" is shown by a later event on the same watcher's queue. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchTest {
    @TempDir
    Path directory;

    private RealZooKeeper zooKeeper;
    private CoordClient client;
    private final Recorder recorder = new Recorder();

    /** Notes what it is told. */
    static final class Recorder implements Watcher {
        final List<WatchEvent> events = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(WatchEvent event) {
            events.add(event);
        }

        List<String> told() {
            return events.stream()
                    .map(event -> event.type() + " " + event.path())
                    .toList();
        }

        void awaitTold(String... expected) {
            await().untilAsserted(() -> assertThat(told()).containsExactly(expected));
        }
    }

    @BeforeEach
    void start() {
        zooKeeper = RealZooKeeper.start(directory);
        client = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .namespace("ns")
                .build()
                .start();
        client.create().forPath("/a");
    }

    @AfterEach
    void stop() {
        client.close();
        zooKeeper.close();
    }

    @Test
    void tellsOnceOfAChangeOfData() {
        client.getData().usingWatcher(recorder).forPath("/a");
        client.getData().usingWatcher(recorder).forPath("/a");
        client.setData().forPath("/a");
        client.setData().forPath("/a");
        client.checkExists().usingWatcher(recorder).forPath("/a");
        client.delete().forPath("/a");
        recorder.awaitTold("NODE_DATA_CHANGED /a", "NODE_DELETED /a");
        assertThat(recorder.events.get(0).zxid()).isPositive();
        assertThat(client.watchCount()).isZero();
    }

    @Test
    void tellsOfTheCreationOfAMissingNode() {
        client.checkExists().usingWatcher(recorder).forPath("/b");
        assertThatThrownBy(() -> client.getData().usingWatcher(recorder).forPath("/c"))
                .isInstanceOf(NoNodeException.class);
        assertThat(client.watchCount()).isEqualTo(1);
        client.create().forPath("/c");
        client.create().forPath("/b");
        recorder.awaitTold("NODE_CREATED /b");
    }

    @Test
    void tellsOfChildrenButNotOfGrandchildren() {
        client.getChildren().usingWatcher(recorder).forPath("/a");
        client.create().forPath("/a/b");
        recorder.awaitTold("NODE_CHILDREN_CHANGED /a");
        client.getChildren().usingWatcher(recorder).forPath("/a");
        client.create().forPath("/a/b/c");
        client.create().forPath("/a/d");
        recorder.awaitTold("NODE_CHILDREN_CHANGED /a", "NODE_CHILDREN_CHANGED /a");
    }

    @Test
    void tellsAWatcherOfChildrenThatTheNodeIsGone() {
        client.getChildren().usingWatcher(recorder).forPath("/a");
        client.delete().forPath("/a");
        recorder.awaitTold("NODE_DELETED /a");
        assertThat(client.watchCount()).isZero();
    }

    @Test
    void tellsAWatcherOnceWhenItWatchesDataAndChildrenOfADeletedNode() {
        client.getData().usingWatcher(recorder).forPath("/a");
        client.getChildren().usingWatcher(recorder).forPath("/a");
        client.delete().forPath("/a");
        client.checkExists().usingWatcher(recorder).forPath("/a");
        client.create().forPath("/a");
        recorder.awaitTold("NODE_DELETED /a", "NODE_CREATED /a");
    }

    @Test
    void persistentWatchTellsOfNodeAndChildrenUntilItIsClosed() {
        Watch watch = client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(recorder)
                .forPath("/a");
        client.setData().forPath("/a");
        client.setData().forPath("/a");
        client.create().forPath("/a/b");
        client.create().forPath("/a/b/c");
        client.delete().deletingChildrenIfNeeded().forPath("/a");
        client.create().forPath("/a");
        recorder.awaitTold(
                "NODE_DATA_CHANGED /a",
                "NODE_DATA_CHANGED /a",
                "NODE_CHILDREN_CHANGED /a",
                "NODE_CHILDREN_CHANGED /a",
                "NODE_DELETED /a",
                "NODE_CREATED /a");
        assertThat(zooKeeper.watchCount()).isPositive();
        watch.closeAsync().toCompletableFuture().join();
        assertThat(zooKeeper.watchCount()).isZero();
        assertThat(client.watchCount()).isZero();
        watch.close();
        client.setData().forPath("/a");
        assertThat(recorder.events).hasSize(6);
    }

    @Test
    void recursiveWatchTellsOfEveryLevelAndNeverOfLists() {
        try (Watch watch = client.watchers().add().usingWatcher(recorder).forPath("/")) {
            assertThat(watch.mode()).isEqualTo(AddWatchMode.PERSISTENT_RECURSIVE);
            client.create().creatingParentsIfNeeded().forPath("/x/y");
            client.setData().forPath("/x/y");
            client.delete().forPath("/x/y");
            recorder.awaitTold("NODE_CREATED /x", "NODE_CREATED /x/y", "NODE_DATA_CHANGED /x/y", "NODE_DELETED /x/y");
        }
    }

    @Test
    void closingOneOfTwoWatchesLeavesTheOther() {
        Recorder second = new Recorder();
        Watch first = client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(recorder)
                .forPath("/a");
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(second)
                .forPath("/a");
        first.closeAsync().toCompletableFuture().join();
        client.setData().forPath("/a");
        second.awaitTold("NODE_DATA_CHANGED /a");
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void withdrawsAOneShotWatcher() {
        Recorder other = new Recorder();
        client.getData().usingWatcher(recorder).forPath("/a");
        client.getChildren().usingWatcher(recorder).forPath("/a");
        client.getChildren().usingWatcher(other).forPath("/a");
        client.watchers().remove(recorder).forPath("/a");
        assertThat(zooKeeper.watchCount()).isEqualTo(1);
        client.watchers().remove(other).forPath("/a");
        assertThat(zooKeeper.watchCount()).isZero();
        client.watchers().remove(other).quietly().forPath("/a");
        assertThatThrownBy(() -> client.watchers().remove(other).forPath("/a"))
                .isInstanceOf(NoWatcherException.class)
                .hasMessageContaining("removeWatches /a");
        client.setData().forPath("/a");
        client.create().forPath("/a/b");
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void withdrawsWatchesOfOneTypeOnly() {
        client.getData().usingWatcher(recorder).forPath("/a");
        client.getChildren().usingWatcher(recorder).forPath("/a");
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(recorder)
                .forPath("/a");
        client.watchers().remove(recorder).ofType(WatcherType.CHILDREN).forPath("/a");
        client.watchers().remove(recorder).ofType(WatcherType.PERSISTENT).forPath("/a");
        assertThat(client.watchCount()).isEqualTo(1);
        assertThatThrownBy(() -> client.watchers()
                        .remove(recorder)
                        .ofType(WatcherType.PERSISTENT_RECURSIVE)
                        .forPath("/a"))
                .isInstanceOf(NoWatcherException.class);
        client.setData().forPath("/a");
        recorder.awaitTold("NODE_DATA_CHANGED /a");
    }

    @Test
    void withdrawsAllWatchersOfAPath() {
        Recorder other = new Recorder();
        client.getData().usingWatcher(recorder).forPath("/a");
        client.getChildren().usingWatcher(other).forPath("/a");
        Watch persistent = client.watchers().add().usingWatcher(other).forPath("/a");
        client.watchers().removeAll().forPath("/a");
        assertThat(client.watchCount()).isZero();
        assertThat(zooKeeper.watchCount()).isZero();
        persistent.close();
        client.setData().forPath("/a");
        client.create().forPath("/a/b");
        client.getData().usingWatcher(recorder).forPath("/a");
        client.setData().forPath("/a");
        recorder.awaitTold("NODE_DATA_CHANGED /a");
        assertThat(other.events).isEmpty();
    }

    @Test
    void withdrawsLocallyWithoutWaitingForTheServer() {
        client.getData().usingWatcher(recorder).forPath("/a");
        client.watchers().remove(recorder).locally().guaranteed().forPath("/a");
        assertThat(client.watchCount()).isZero();
        await().untilAsserted(() -> assertThat(zooKeeper.watchCount()).isZero());
    }

    @Test
    void callsWatchersOnCallbackThreadsWhereBlockingIsRefused() {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        client.getData()
                .usingWatcher(event -> {
                    try {
                        client.getData().forPath("/a");
                    } catch (IllegalStateException e) {
                        refusal.complete(e);
                    }
                })
                .forPath("/a");
        client.setData().forPath("/a");
        assertThat(refusal.join()).hasMessageContaining("coord-client-callback");
    }

    @Test
    void callsWatchersOnTheQueueThatIsAskedFor() {
        CompletableFuture<Boolean> onQueue = new CompletableFuture<>();
        var queue = client.serialExecutor();
        client.getData()
                .usingWatcher(event -> onQueue.complete(queue.isCurrent()), queue)
                .forPath("/a");
        client.setData().forPath("/a");
        assertThat(onQueue.join()).isTrue();
    }

    @Test
    void aThrowingOrSlowWatcherDisturbsNobody() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        Watcher slow = event -> release.join();
        client.getData()
                .usingWatcher(event -> {
                    throw new IllegalStateException("thrown by a test's watcher");
                })
                .forPath("/a");
        client.getData().usingWatcher(slow).forPath("/a");
        client.getData().usingWatcher(recorder).forPath("/a");
        client.setData().forPath("/a");
        recorder.awaitTold("NODE_DATA_CHANGED /a");
        assertThat(client.getData().forPath("/a")).isEmpty();
        assertThat(recorder.events.get(0).type()).isEqualTo(EventType.NODE_DATA_CHANGED);
        release.complete(null);
    }
}
