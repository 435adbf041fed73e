package io.coord.recipes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.protocol.data.CreateMode;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.Participant;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LockParticipant;
import io.coord.recipes.lock.LockQueue;
import io.coord.recipes.lock.Mutex;
import io.coord.recipes.node.PersistentNode;
import io.coord.recipes.workqueue.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.Revoker;
import org.junit.jupiter.api.Test;

/** Clients that compress beside clients that do not, as during a change-over. */
abstract class CompressionContract extends RecipeContract {
    private CoordClient compressing() {
        return client(CoordClientBuilder::enableCompression);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bothWaitForEachOthersLocksAndSeeEachOther() {
        String path = place("lock");
        CoordClient plain = client();
        CoordClient compressing = compressing();
        Lease first = new Mutex(plain, path).acquire();
        CompletableFuture<Lease> second =
                new Mutex(compressing, path).acquireAsync().toCompletableFuture();
        soon().until(() -> new LockQueue(plain, path).participants().size() == 2);
        CompletableFuture<Lease> third = new Mutex(plain, path).acquireAsync().toCompletableFuture();
        soon().until(() -> new LockQueue(plain, path).participants().size() == 3);

        assertThat(new LockQueue(compressing, path).participants())
                .allSatisfy(participant -> assertThat(participant.holder()).isPresent());
        first.release();
        get(second).release();
        get(third).release();
    }

    @Test
    void bothHearThatTheOtherAsksForTheirLock() {
        CoordClient plain = client();
        CoordClient compressing = compressing();
        for (List<CoordClient> pair :
                List.of(List.of(plain, compressing), List.of(compressing, plain), List.of(compressing, compressing))) {
            String path = place("asked");
            Lease lease = new Mutex(pair.get(0), path).acquire();
            CompletableFuture<Lease> asked = new CompletableFuture<>();
            lease.onReleaseRequested(asked::complete);
            LockQueue queue = new LockQueue(pair.get(1), path);
            List<LockParticipant> participants = queue.participants();
            assertThat(queue.requestRelease(participants.get(0))).isTrue();
            assertThat(get(asked)).isSameAs(lease);
            lease.release();
        }
    }

    @Test
    void bothAskCuratorsClientsThatCompressAndThoseThatDoNot() throws Exception {
        for (boolean curatorCompresses : List.of(true, false)) {
            CuratorFramework curator = curator(curatorCompresses);
            for (CoordClient asking : List.of(client(), compressing())) {
                String path = place("asked");
                InterProcessMutex holder = new InterProcessMutex(curator, path);
                CompletableFuture<InterProcessMutex> asked = new CompletableFuture<>();
                holder.makeRevocable(asked::complete);
                holder.acquire();
                LockQueue queue = new LockQueue(asking, path);
                assertThat(queue.requestRelease(queue.participants().get(0))).isTrue();

                assertThat(get(asked)).isSameAs(holder);
                holder.release();
            }
        }
    }

    @Test
    void bothHearThatCuratorsClientsAskForTheirLock() throws Exception {
        for (boolean curatorCompresses : List.of(true, false)) {
            CuratorFramework curator = curator(curatorCompresses);
            for (CoordClient holding : List.of(client(), compressing())) {
                Lease lease = new Mutex(holding, place("asked")).acquire();
                CompletableFuture<Lease> asked = new CompletableFuture<>();
                lease.onReleaseRequested(asked::complete);
                Revoker.attemptRevoke(curator, lease.path());

                assertThat(get(asked)).isSameAs(lease);
                lease.release();
            }
        }
    }

    @Test
    void candidatesOfBothKindsAreSeen() {
        String path = place("election");
        LeaderLatch plain = closing(new LeaderLatch(client(), path, "plain")).start();
        plain.await();
        LeaderLatch compressing =
                closing(new LeaderLatch(compressing(), path, "compressing")).start();
        soon().until(() -> compressing.participants().size() == 2);

        assertThat(compressing.participants()).extracting(Participant::id).containsExactly("plain", "compressing");
        plain.close();
        compressing.await();
    }

    @Test
    void aNodeThatOneLeftUncompressedIsKeptByTheOther() {
        String path = place("kept");
        client().create().forPath(path, bytes("before"));
        PersistentNode node = closing(PersistentNode.builder(compressing(), path)
                        .mode(CreateMode.PERSISTENT)
                        .data(bytes("after"))
                        .build())
                .start();

        assertThat(node.awaitInPlace(SOON)).isTrue();
        assertThat(compressing().getData().forPath(path)).isEqualTo(bytes("after"));
    }

    @Test
    void anItemThatCannotBeDecompressedKeepsNobodyFromTheRest() {
        String path = place("queue");
        WorkQueue.builder(client(), path, path + "-locks").build().put(bytes("plain"));
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        WorkQueue queue = closing(WorkQueue.builder(compressing(), path, path + "-locks")
                        .handler(item -> {
                            done.add(new String(item, StandardCharsets.UTF_8));
                            return CompletableFuture.completedFuture(null);
                        })
                        .build())
                .start();
        queue.put(bytes("compressed"));

        soon().until(() -> done.contains("compressed"));
        soon().until(() -> queue.size() == 1);
    }
}
