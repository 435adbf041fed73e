package io.coord.recipes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.LeaderSelector;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.MultiLock;
import io.coord.recipes.lock.Mutex;
import io.coord.recipes.lock.Semaphore;
import io.coord.recipes.node.GroupMember;
import io.coord.recipes.node.PersistentNode;
import io.coord.recipes.workqueue.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Recipes keep their state on the client's network thread. Code of users must never get there: it may be slow. */
abstract class UserCodeContract extends RecipeContract {
    private static Thread networkThread(CoordClient client) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        client.serialExecutor().execute(() -> thread.complete(Thread.currentThread()));
        return get(thread);
    }

    /** The thread that runs what hangs on the stage. */
    private static Thread threadBehind(CompletionStage<?> stage) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        stage.whenComplete((done, failure) -> thread.complete(Thread.currentThread()));
        return get(thread);
    }

    @Test
    void whatHangsOnAReleaseStaysOffTheNetworkThread() {
        CoordClient client = client();
        Thread network = networkThread(client);
        Lease lease = new Mutex(client, place("mutex")).acquire();
        Lease permit = new Semaphore(client, place("semaphore"), 1).acquire();

        assertThat(threadBehind(lease.releaseAsync())).isNotSameAs(network);
        assertThat(threadBehind(permit.releaseAsync())).isNotSameAs(network);
        assertThat(threadBehind(MultiLock.ofMutexes(client, List.of(place("first"), place("second")))
                        .acquire()
                        .releaseAsync()))
                .isNotSameAs(network);
    }

    @Test
    void whatHangsOnTheEndOfALeadershipStaysOffTheNetworkThread() {
        CoordClient client = client();
        Thread network = networkThread(client);
        LeaderLatch latch = closing(new LeaderLatch(client, place("latch"))).start();
        latch.await();
        CompletableFuture<Void> leads = new CompletableFuture<>();
        LeaderSelector selector = closing(new LeaderSelector(client, place("selector"), "a", leadership -> {
                    leads.complete(null);
                    new CompletableFuture<Void>().get();
                }))
                .start();
        get(leads);

        assertThat(threadBehind(latch.closeAsync(LeaderLatch.CloseMode.SILENT))).isNotSameAs(network);
        assertThat(threadBehind(selector.closeAsync())).isNotSameAs(network);
    }

    @Test
    void whatHangsOnTheEndOfANodeOrAQueueStaysOffTheNetworkThread() {
        CoordClient client = client();
        Thread network = networkThread(client);
        PersistentNode node =
                closing(PersistentNode.builder(client, place("node")).build()).start();
        assertThat(node.awaitInPlace(SOON)).isTrue();
        GroupMember member = closing(new GroupMember(client, place("group"), "a", new byte[0]))
                .start();
        assertThat(member.awaitInitialized(SOON)).isTrue();
        ServiceRegistration<String> registration = closing(new ServiceRegistration<>(
                        client,
                        place("services"),
                        ServiceInstance.<String>builder("shop")
                                .address("localhost")
                                .build(),
                        InstanceSerializer.of(String.class)))
                .start();
        assertThat(registration.awaitRegistered(SOON)).isTrue();
        String path = place("queue");
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> work = new CompletableFuture<>();
        WorkQueue queue = closing(WorkQueue.builder(client, path, path + "-locks")
                        .handler(item -> {
                            begun.complete(null);
                            return work;
                        })
                        .build())
                .start();
        queue.put("1".getBytes(StandardCharsets.UTF_8));
        get(begun);

        assertThat(threadBehind(node.closeAsync())).isNotSameAs(network);
        assertThat(threadBehind(member.closeAsync())).isNotSameAs(network);
        assertThat(threadBehind(registration.unregisterAsync())).isNotSameAs(network);
        CompletableFuture<Thread> afterQueue = new CompletableFuture<>();
        queue.closeAsync().whenComplete((done, failure) -> afterQueue.complete(Thread.currentThread()));
        work.complete(null);
        assertThat(get(afterQueue)).isNotSameAs(network);
    }

    @Test
    void aSelectorsExecutorIsNotCalledOnTheNetworkThread() {
        CoordClient client = client();
        Thread network = networkThread(client);
        CompletableFuture<Thread> called = new CompletableFuture<>();
        closing(new LeaderSelector(client, place("selector"), "a", leadership -> {}, work -> {
                    called.complete(Thread.currentThread());
                    work.run();
                }))
                .start();

        assertThat(get(called)).isNotSameAs(network);
    }

    @Test
    void aCachesFilterIsNotAskedOnTheNetworkThread() {
        CoordClient client = client();
        Thread network = networkThread(client);
        String path = place("cache");
        client.create().forPath(path);
        client.create().forPath(path + "/a");
        CompletableFuture<Thread> asked = new CompletableFuture<>();
        CoordCache cache = closing(CoordCache.builder(client, path)
                        .filter(node -> {
                            asked.complete(Thread.currentThread());
                            return true;
                        })
                        .build())
                .start();

        assertThat(get(asked)).isNotSameAs(network);
        assertThat(cache.awaitInitialized(SOON)).isTrue();
        assertThat(threadBehind(cache.closeAsync())).isNotSameAs(network);
    }
}
