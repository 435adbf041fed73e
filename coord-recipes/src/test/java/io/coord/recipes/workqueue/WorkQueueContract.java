package io.coord.recipes.workqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.Stat;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.queue.DistributedDelayQueue;
import org.apache.curator.framework.recipes.queue.DistributedQueue;
import org.apache.curator.framework.recipes.queue.QueueBuilder;
import org.apache.curator.framework.recipes.queue.QueueConsumer;
import org.apache.curator.framework.recipes.queue.QueueSerializer;
import org.apache.curator.framework.state.ConnectionState;
import org.junit.jupiter.api.Test;

abstract class WorkQueueContract extends RecipeContract {
    private static final class Text implements QueueSerializer<String> {
        @Override
        public byte[] serialize(String item) {
            return bytes(item);
        }

        @Override
        public String deserialize(byte[] bytes) {
            return text(bytes);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static WorkHandler into(List<String> done) {
        return item -> {
            done.add(text(item));
            return CompletableFuture.completedFuture(null);
        };
    }

    private static List<String> list() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    private WorkQueue.Builder queue(String path) {
        return WorkQueue.builder(client(), path, path + "-locks");
    }

    private static boolean nothingIsLocked(CoordClient client, String path) {
        return children(client, path + "-locks") == 0;
    }

    /** An empty container may have been swept away: it has no children, too. */
    private static int children(CoordClient client, String path) {
        Stat parent = client.checkExists().forPath(path);
        return parent == null ? 0 : parent.numChildren();
    }

    @Test
    void handlesItemsInTheOrderOfThePuts() {
        String path = place("queue");
        List<String> done = list();
        WorkQueue queue = closing(queue(path).handler(into(done)).build()).start();
        queue.put(bytes("1"));
        queue.putAll(List.of(bytes("2"), bytes("3"), bytes("")));
        queue.put(bytes("4"));

        soon().until(() -> done.size() == 5);
        assertThat(done).containsExactly("1", "2", "3", "", "4");
        soon().until(() -> queue.size() == 0);
        soon().until(() -> nothingIsLocked(client(), path));
    }

    @Test
    void manyConsumersHandleEachItemOnce() {
        String path = place("shared");
        Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
        for (int i = 0; i < 3; i++) {
            closing(queue(path)
                            .concurrency(4)
                            .handler(item -> {
                                done.computeIfAbsent(text(item), key -> new AtomicInteger())
                                        .incrementAndGet();
                                return CompletableFuture.completedFuture(null);
                            })
                            .build())
                    .start();
        }
        WorkQueue producer = queue(path).build();
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            puts.add(producer.putAsync(bytes(String.valueOf(i))).toCompletableFuture());
        }
        puts.forEach(each -> get(each));

        soon().until(() -> producer.size() == 0);
        assertThat(done).hasSize(200);
        assertThat(done.values()).allMatch(times -> times.get() == 1);
    }

    @Test
    void anItemWhoseConsumerDiesGoesToAnother() {
        String path = place("died");
        CoordClient mortal = client();
        List<String> begun = list();
        closing(WorkQueue.builder(mortal, path, path + "-locks")
                        .handler(item -> {
                            begun.add(text(item));
                            return new CompletableFuture<>();
                        })
                        .build())
                .start();
        queue(path).build().put(bytes("1"));
        soon().until(() -> begun.size() == 1);
        List<String> done = list();
        WorkQueue heir = closing(queue(path).handler(into(done)).build()).start();
        queue(path).build().put(bytes("2"));
        soon().until(() -> done.contains("2"));
        assertThat(done).doesNotContain("1");
        mortal.close();

        soon().until(() -> done.contains("1"));
        soon().until(() -> heir.size() == 0);
    }

    @Test
    void aConsumerThatLostItsSessionLeavesTheLockOfTheNextAlone() {
        String path = place("lost");
        FaultProxy proxy = proxy();
        CoordClient mortal = client(proxy, Duration.ofSeconds(1));
        CompletableFuture<Void> lateWork = new CompletableFuture<>();
        List<String> begun = list();
        closing(WorkQueue.builder(mortal, path, path + "-locks")
                        .handler(item -> {
                            begun.add("mortal");
                            return lateWork;
                        })
                        .build())
                .start();
        queue(path).build().put(bytes("1"));
        soon().until(() -> begun.size() == 1);
        unplug(proxy);
        soon().until(() -> mortal.state() == SessionState.LOST);
        CompletableFuture<Void> work = new CompletableFuture<>();
        closing(queue(path)
                        .handler(item -> {
                            begun.add("heir");
                            return work;
                        })
                        .build())
                .start();
        soon().until(() -> begun.contains("heir"));
        proxy.resume();
        assertThat(mortal.blockUntilConnected(SOON)).isTrue();
        lateWork.complete(null);
        CoordClient client = client();
        soon().until(() -> children(client, path) == 0);
        mortal.sync().forPath(path);

        assertThat(client.getChildren().forPath(path + "-locks")).hasSize(1);
        work.complete(null);
        soon().until(() -> nothingIsLocked(client, path));
    }

    @Test
    void whatFailedIsPutBackAndTriedAgain() {
        String path = place("failing");
        AtomicInteger attempts = new AtomicInteger();
        List<String> done = list();
        WorkQueue queue = closing(queue(path)
                .retryPause(Duration.ofMillis(20))
                .handler(item -> {
                    if (text(item).equals("bad") && attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not now");
                    }
                    done.add(text(item));
                    return CompletableFuture.completedFuture(null);
                })
                .build());
        queue.put(bytes("bad"));
        queue.put(bytes("good"));
        queue.start();

        soon().until(() -> done.size() == 2);
        assertThat(done).containsExactly("good", "bad");
        assertThat(attempts.get()).isEqualTo(3);
        soon().until(() -> queue.size() == 0);
    }

    @Test
    void whatFailedIsDiscardedWhenSaidSo() {
        String path = place("discarding");
        AtomicInteger attempts = new AtomicInteger();
        WorkQueue queue = closing(queue(path)
                        .onFailure(OnFailure.DISCARD)
                        .handler(item -> {
                            attempts.incrementAndGet();
                            return CompletableFuture.failedFuture(new IllegalStateException("never"));
                        })
                        .build())
                .start();
        queue.put(bytes("bad"));

        soon().until(() -> attempts.get() == 1 && queue.size() == 0);
    }

    @Test
    void leavesWhatIsNoItem() {
        String path = place("foreign");
        CoordClient client = client();
        client.create().forPath(path);
        client.create().forPath(path + "/queue-0", bytes("garbage"));
        client.create().forPath(path + "/other");
        List<String> done = list();
        WorkQueue queue = closing(queue(path).handler(into(done)).build()).start();
        queue.put(bytes("1"));

        soon().until(() -> done.contains("1"));
        soon().until(() -> queue.size() == 2);
    }

    @Test
    void refusesMoreThanItMayHold() {
        WorkQueue queue = queue(place("full")).maxItems(2).build();
        queue.put(bytes("1"));
        queue.put(bytes("2"));

        assertThatThrownBy(() -> queue.put(bytes("3"))).isInstanceOf(QueueFullException.class);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void closedConsumerFinishesWhatItHasTaken() {
        String path = place("closing");
        CompletableFuture<Void> work = new CompletableFuture<>();
        List<String> begun = list();
        WorkQueue queue = closing(queue(path)
                        .handler(item -> {
                            begun.add(text(item));
                            return work;
                        })
                        .build())
                .start();
        queue.put(bytes("1"));
        soon().until(() -> begun.size() == 1);
        queue(path).build().put(bytes("2"));
        CompletableFuture<Void> closed = queue.closeAsync().toCompletableFuture();
        assertThat(closed).isNotDone();
        work.complete(null);
        get(closed);

        assertThat(begun).containsExactly("1");
        assertThat(queue.size()).isEqualTo(1);
        assertThatThrownBy(() -> queue.put(bytes("3"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void workThatEndsInAnErrorOrGivesNothingIsTriedAgainAndKeepsNobodyFromTheRest() {
        String path = place("errors");
        AtomicInteger thrown = new AtomicInteger();
        AtomicInteger nothing = new AtomicInteger();
        AtomicInteger later = new AtomicInteger();
        List<String> done = list();
        WorkQueue queue = closing(queue(path)
                .retryPause(Duration.ofMillis(20))
                .handler(item -> {
                    if (text(item).equals("throws") && thrown.getAndIncrement() == 0) {
                        throw new AssertionError("of the work");
                    }
                    if (text(item).equals("gives nothing") && nothing.getAndIncrement() == 0) {
                        return null;
                    }
                    if (text(item).equals("fails later") && later.getAndIncrement() == 0) {
                        return CompletableFuture.failedFuture(new StackOverflowError("of the work"));
                    }
                    done.add(text(item));
                    return CompletableFuture.completedFuture(null);
                })
                .build());
        for (String item : List.of("throws", "gives nothing", "fails later", "works")) {
            queue.put(bytes(item));
        }
        queue.start();

        soon().until(() -> done.size() == 4);
        soon().until(() -> queue.size() == 0);
    }

    @Test
    void thousandsOfItemsThatWerePutTogetherAreHandledOneAfterTheOther() {
        List<byte[]> many = Collections.nCopies(50_000, new byte[0]);
        AtomicInteger done = new AtomicInteger();
        WorkQueue queue = closing(queue(place("together"))
                        .handler(item -> {
                            done.incrementAndGet();
                            return CompletableFuture.completedFuture(null);
                        })
                        .build())
                .start();
        queue.putAll(many);

        soon().until(() -> queue.size() == 0);
        assertThat(done).hasValue(50_000);
    }

    @Test
    void doneWorkThatCannotBeDeletedIsNotDoneAgain() {
        String path = place("undeletable");
        CoordClient client = client();
        client.create()
                .withACL(List.of(new Acl(Acl.ALL & ~Acl.DELETE, Id.ANYONE)))
                .forPath(path);
        List<String> done = list();
        WorkQueue queue = closing(queue(path).handler(into(done)).build()).start();
        for (String item : List.of("1", "2", "3")) {
            queue.put(bytes(item));
            soon().until(() -> done.contains(item));
        }
        soon().until(() -> nothingIsLocked(client, path));

        assertThat(done).containsExactly("1", "2", "3");
        assertThat(queue.size()).isEqualTo(3);
    }

    @Test
    void aLockOfWhichTheAnswerWasLostIsFoundAndTheOneAfterItIsKept() {
        String path = place("half-open");
        FaultProxy proxy = proxy();
        CoordClient cutOff = client(proxy, Duration.ofSeconds(12));
        CoordClient looker = client();
        CompletableFuture<Void> work = new CompletableFuture<>();
        List<String> begun = list();
        closing(WorkQueue.builder(cutOff, path, path + "-locks")
                        .handler(item -> {
                            begun.add(text(item));
                            return work;
                        })
                        .build())
                .start();
        WorkQueue producer = queue(path).build();
        producer.put(bytes("0"));
        soon().until(() -> begun.size() == 1);
        producer.put(bytes("1"));
        proxy.blackhole(FaultProxy.Direction.SERVER_TO_CLIENT);
        work.complete(null);
        soon().until(() -> children(looker, path) == 1);
        proxy.cut();
        proxy.resume();

        soon().until(() -> children(looker, path) == 0);
        assertThat(begun).containsExactly("0", "1");
        soon().until(() -> nothingIsLocked(looker, path));
    }

    @Test
    void anItemWhoseDeletionTheServersDidNotConfirmStaysLockedUntilItIsGone() {
        String path = place("unconfirmed");
        FaultProxy proxy = proxy();
        CoordClient cutOff = client(proxy, Duration.ofSeconds(12));
        CompletableFuture<Void> work = new CompletableFuture<>();
        List<String> done = list();
        closing(WorkQueue.builder(cutOff, path, path + "-locks")
                        .handler(item -> {
                            done.add("cut off");
                            return work;
                        })
                        .build())
                .start();
        WorkQueue heir = closing(queue(path)
                .handler(item -> {
                    done.add("heir");
                    return CompletableFuture.completedFuture(null);
                })
                .build());
        heir.put(bytes("1"));
        soon().until(() -> done.size() == 1);
        heir.start();
        unplug(proxy);
        soon().until(() -> cutOff.state() == SessionState.SUSPENDED);
        work.complete(null);
        proxy.resume();

        soon().until(() -> heir.size() == 0);
        CoordClient looker = client();
        soon().until(() -> nothingIsLocked(looker, path));
        assertThat(done).containsExactly("cut off");
    }

    @Test
    void delayedItemsComeWhenTheyAreDue() {
        String path = place("delay");
        List<String> done = list();
        DelayQueue queue = closing(DelayQueue.builder(client(), path, path + "-locks")
                        .handler(into(done))
                        .build())
                .start();
        Instant now = Instant.now();
        Instant late = now.plusMillis(900);
        queue.put(bytes("never"), now.plusSeconds(3_600));
        queue.put(bytes("late"), late);
        queue.put(bytes("soon"), now.plusMillis(300));
        queue.put(bytes("past"), now.minusSeconds(5));

        soon().until(() -> done.contains("late"));
        assertThat(Instant.now()).isAfterOrEqualTo(late);
        assertThat(done).containsExactly("past", "soon", "late");
        soon().until(() -> queue.size() == 1);
    }

    private static QueueConsumer<String> curatorConsumer(List<String> done) {
        return new QueueConsumer<>() {
            @Override
            public void consumeMessage(String message) {
                done.add(message);
            }

            @Override
            public void stateChanged(CuratorFramework client, ConnectionState newState) {
                // Of no interest.
            }
        };
    }

    @Test
    void sharesAQueueWithCurator() throws Exception {
        String path = place("beside");
        List<String> done = list();
        DistributedQueue<String> theirs =
                closing(QueueBuilder.builder(curator(), curatorConsumer(done), new Text(), path)
                        .lockPath(path + "-locks")
                        .buildQueue());
        theirs.start();
        WorkQueue ours =
                closing(queue(path).concurrency(2).handler(into(done)).build()).start();
        for (int i = 0; i < 50; i++) {
            ours.put(bytes("ours " + i));
            theirs.put("theirs " + i);
        }

        soon().until(() -> done.size() >= 100);
        soon().until(() -> ours.size() == 0);
        assertThat(done).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void readsWhatCuratorPutAndCuratorReadsWhatItPut() throws Exception {
        String path = place("across");
        DistributedQueue<String> producer =
                closing(QueueBuilder.builder(curator(), null, new Text(), path).buildQueue());
        producer.start();
        producer.put("from curator");
        List<String> ours = list();
        closing(queue(path).handler(into(ours)).build()).start();
        soon().until(() -> ours.contains("from curator"));

        String back = place("back");
        queue(back).build().putAll(List.of(bytes("a"), bytes("b")));
        List<String> theirs = list();
        closing(QueueBuilder.builder(curator(), curatorConsumer(theirs), new Text(), back)
                        .lockPath(back + "-locks")
                        .buildQueue())
                .start();
        soon().until(() -> theirs.size() == 2);
        assertThat(theirs).containsExactly("a", "b");
    }

    @Test
    void understandsCuratorsDelaysAndIsUnderstood() throws Exception {
        String path = place("delays");
        DistributedDelayQueue<String> producer =
                closing(QueueBuilder.builder(curator(), null, new Text(), path).buildDelayQueue());
        producer.start();
        long now = System.currentTimeMillis();
        producer.put("later", now + 600);
        producer.put("now", now);
        producer.put("never", now + 3_600_000);
        List<String> ours = list();
        DelayQueue queue = closing(DelayQueue.builder(client(), path, path + "-locks")
                        .handler(into(ours))
                        .build())
                .start();
        soon().until(() -> ours.size() == 2);
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(now + 600);
        assertThat(ours).containsExactly("now", "later");
        soon().until(() -> queue.size() == 1);

        String back = place("delays-back");
        DelayQueue.builder(client(), back, back + "-locks")
                .build()
                .put(bytes("a"), Instant.ofEpochMilli(System.currentTimeMillis() + 300));
        List<String> theirs = list();
        closing(QueueBuilder.builder(curator(), curatorConsumer(theirs), new Text(), back)
                        .lockPath(back + "-locks")
                        .buildDelayQueue())
                .start();
        soon().until(() -> theirs.contains("a"));
    }
}
