package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.CreateResponse;
import org.junit.jupiter.api.Test;

/** The numbers of sequential znodes: how many children of any kind were ever created under the parent. */
abstract class SequenceContract extends ServerContract {
    @Test
    void countsChildrenOfAnyKindAndNoDeletions() {
        assertThat(create(root + "/s-", Operation.SEQUENTIAL)).isEqualTo(root + "/s-0000000000");
        create(root + "/plain");
        session.ok(Operation.createContainer(root + "/container"));
        assertThat(create(root + "/s-", Operation.EPHEMERAL_SEQUENTIAL)).isEqualTo(root + "/s-0000000003");
        delete(root + "/plain");
        delete(root + "/s-0000000003");
        assertThat(create(root + "/t-", Operation.SEQUENTIAL)).isEqualTo(root + "/t-0000000004");
    }

    @Test
    void isNotMovedByFailedCreatesOrFailedMultis() {
        create(root + "/x");
        assertThat(error(Operation.create(root + "/x", null, 0))).isEqualTo(Errors.NODE_EXISTS);
        session.ok(Operation.multi(
                Op.create(root + "/s-", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.SEQUENTIAL),
                Op.check(root + "/gone", -1)));
        assertThat(create(root + "/s-", Operation.SEQUENTIAL)).isEqualTo(root + "/s-0000000001");
    }

    @Test
    void startsAgainWithANewParent() {
        create(root + "/p");
        create(root + "/p/a");
        delete(root + "/p/a");
        delete(root + "/p");
        create(root + "/p");
        assertThat(create(root + "/p/s-", Operation.SEQUENTIAL)).isEqualTo(root + "/p/s-0000000000");
    }

    @Test
    void growsWithinAMulti() {
        session.ok(Operation.multi(
                Op.create(root + "/s-", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.SEQUENTIAL),
                Op.create(root + "/s-", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.SEQUENTIAL)));
        assertThat(children(root)).containsExactly("s-0000000000", "s-0000000001");
    }

    @Test
    void isUniqueAndRisesWithCzxidForConcurrentSessions() throws Exception {
        int sessions = 4;
        int each = 100;
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        try {
            List<Future<List<String>>> futures = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                RawSession own = newSession();
                futures.add(threads.submit(() -> {
                    List<String> paths = new ArrayList<>();
                    for (int n = 0; n < each; n++) {
                        paths.add(own.ok(Operation.create(root + "/n", null, Operation.SEQUENTIAL))
                                .into(new CreateResponse())
                                .getPath());
                    }
                    return paths;
                }));
            }
            List<String> all = new ArrayList<>();
            for (Future<List<String>> future : futures) {
                assertThat(future.get()).isSorted();
                all.addAll(future.get());
            }
            assertThat(all).doesNotHaveDuplicates().hasSize(sessions * each);
            List<Long> czxidsByNumber =
                    all.stream().sorted().map(path -> stat(path).getCzxid()).toList();
            assertThat(czxidsByNumber).isSorted();
            assertThat(stat(root).getCversion()).isEqualTo(sessions * each);
        } finally {
            threads.shutdownNow();
        }
    }
}
