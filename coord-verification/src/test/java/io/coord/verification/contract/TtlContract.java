package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Znodes with a time to live: made, refused, and removed when they have had no children and no new data for that time. */
abstract class TtlContract extends ServerContract {
    private static final long LONG = 3_600_000;
    private static final long MOST = (1L << 40) - 1;
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void answersWithPathAndStatAndHasNoOwner() {
        Create2Response created =
                session.ok(createTtl("/t", Operation.TTL, LONG)).into(new Create2Response());
        assertThat(created.getPath()).isEqualTo(root + "/t");
        assertThat(created.getStat()).isEqualTo(stat(root + "/t"));
        assertThat(created.getStat().getEphemeralOwner()).isZero();
        assertThat(session.ok(createTtl("/s-", Operation.TTL_SEQUENTIAL, MOST))
                        .into(new Create2Response())
                        .getPath())
                .isEqualTo(root + "/s-0000000001");
    }

    @Test
    void mayHaveChildrenOfAnyKind() {
        session.ok(createTtl("/t", Operation.TTL, LONG));
        create(root + "/t/p");
        create(root + "/t/e", Operation.EPHEMERAL);
        session.ok(createTtl("/t/t", Operation.TTL, LONG));
        assertThat(stat(root + "/t").getNumChildren()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "5, -1", "6, 0", "6, -1", "5, 1099511627776", "5, 9223372036854775807", "0, 1", "1, 5", "4, 0"})
    void refusesATimeThatIsNoneOrATimeWithoutTheKindForIt(int flags, long ttlMs) {
        assertThat(error(createTtl("/t", flags, ttlMs))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(children(root)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 99, -1})
    void refusesAnUnknownKind(int flags) {
        assertThat(error(createTtl("/t", flags, 1))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "1, 6", "15, 5", "15, 6", "19, 5"})
    void refusesTheKindWithoutATime(int op, int flags) {
        Operation create =
                new Operation(op, Operation.create(root + "/t", null, flags).body());
        assertThat(error(create)).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void theTimeIsLookedAtBeforeAnythingElse() {
        assertThat(error(createTtl("/gone/t", Operation.TTL, 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(createTtl("/gone/t", Operation.TTL, 1))).isEqualTo(Errors.NO_NODE);
        create(root + "/there");
        assertThat(error(createTtl("/there", Operation.TTL, 1))).isEqualTo(Errors.NODE_EXISTS);
        create(root + "/e", Operation.EPHEMERAL);
        assertThat(error(createTtl("/e/t", Operation.TTL, 1))).isEqualTo(Errors.NO_CHILDREN_FOR_EPHEMERALS);
    }

    @Test
    void insideAMultiItIsAnsweredAsCreate2() {
        Frame reply = session.ok(Operation.multi(
                op("/t", Operation.TTL, LONG), op("/t/s-", Operation.TTL_SEQUENTIAL, LONG), Op.check(root + "/t", 0)));
        List<OpResult> results = reply.into(new MultiResponse()).getResultList();
        assertThat(results).extracting(OpResult::getType).containsExactly(OpCode.create2, OpCode.create2, OpCode.check);
        OpResult.CreateResult child = (OpResult.CreateResult) results.get(1);
        assertThat(child.getPath()).isEqualTo(root + "/t/s-0000000000");
        assertThat(child.getStat().getCzxid()).isEqualTo(reply.zxid());
    }

    @Test
    void insideAMultiAWrongTimeIsTheFailureOfItsOperation() {
        Frame reply = session.ok(Operation.multi(op("/a", Operation.TTL, LONG), op("/b", Operation.TTL, 0)));
        assertThat(codes(reply)).containsExactly(0, Errors.BAD_ARGUMENTS);
        assertThat(children(root)).isEmpty();
    }

    @Test
    void insideAMultiTheFlagsDecideAndANeedlessTimeIsIgnored() {
        Frame reply = session.ok(Operation.framed(OpCode.multi, ttlPart(0, 7), ttlPart(4, 7), ttlPart(1, -1)));
        assertThat(reply.into(new MultiResponse()).getResultList())
                .extracting(OpResult::getType)
                .containsExactly(OpCode.create, OpCode.create2, OpCode.create);
        assertThat(stat(root + "/of-1").getEphemeralOwner()).isEqualTo(session.id());
        assertThat(codes(session.ok(Operation.framed(OpCode.multi, ttlPart(99, 7)))))
                .containsExactly(Errors.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void insideAMultiTheKindWithoutATimeCannotBeRead(int flags) {
        CreateRequest create = new CreateRequest(root + "/t", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, flags);
        assertThat(error(Operation.framed(OpCode.multi, new Operation.Part(OpCode.create, create))))
                .isEqualTo(Errors.MARSHALLING_ERROR);
    }

    @Test
    void isRemovedWhenItsTimeIsOverAndTellsWatchers() {
        RawSession watcher = newSession();
        session.ok(createTtl("/t", Operation.TTL, 100));
        session.ok(createTtl("/later", Operation.TTL, LONG));
        watcher.ok(Operation.addWatch(root, 0));
        watcher.ok(Operation.exists(root + "/t", true));
        Stat before = stat(root);
        await().atMost(SOON).until(() -> !exists(root + "/t"));
        assertThat(watcher.takeEvents()).containsExactly("NodeDeleted " + root + "/t", "NodeChildrenChanged " + root);
        Stat after = stat(root);
        assertThat(after.getPzxid()).isGreaterThan(before.getPzxid());
        assertThat(after.getCversion()).isEqualTo(before.getCversion() + 1);
        assertThat(after.getMzxid()).isEqualTo(before.getMzxid());
        assertThat(children(root)).containsExactly("later");
    }

    @Test
    void livesOnWithChildrenAndGoesSoonAfterItsLastOne() {
        session.ok(createTtl("/t", Operation.TTL, 1));
        session.ok(createTtl("/sign", Operation.TTL, 1));
        create(root + "/t/child");
        await().atMost(SOON).until(() -> !exists(root + "/sign"));
        assertThat(exists(root + "/t/child")).isTrue();
        delete(root + "/t/child");
        await().atMost(SOON).until(() -> !exists(root + "/t"));
    }

    @Test
    void newDataRenewsItsTime() {
        session.ok(createTtl("/t", Operation.TTL, 3_000));
        long end = stat(root + "/t").getMtime() + 4_000;
        Stat[] last = new Stat[1];
        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
            last[0] = setData(root + "/t", "again");
            return last[0].getMtime() > end;
        });
        await().atMost(SOON).until(() -> !exists(root + "/t"));
        assertThat(System.currentTimeMillis() - last[0].getMtime()).isGreaterThan(3_000);
    }

    @Test
    void outlivesTheSessionThatMadeIt() {
        RawSession maker = newSession();
        maker.ok(createTtl("/t", Operation.TTL, LONG));
        maker.endSession();
        assertThat(exists(root + "/t")).isTrue();
    }

    /** ZooKeeper offers them only when it is told to; the property is looked at anew for each request. */
    @Test
    void isOfferedByDefaultByCoordOnly() {
        String property = "zookeeper.extendedTypesEnabled";
        String before = System.getProperty(property);
        System.clearProperty(property);
        try {
            assertThat(error(createTtl("/t", Operation.TTL, LONG))).isEqualTo(isCoord() ? 0 : Errors.UNIMPLEMENTED);
        } finally {
            System.setProperty(property, before == null ? "true" : before);
        }
    }

    private Operation createTtl(String name, int flags, long ttlMs) {
        return Operation.createTtl(root + name, bytes("x"), flags, ttlMs);
    }

    private Op op(String name, int flags, long ttlMs) {
        return Op.create(root + name, bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, flags, ttlMs);
    }

    /** Stock clients send it for the kinds with a time to live only. */
    private Operation.Part ttlPart(int flags, long ttlMs) {
        return new Operation.Part(
                OpCode.createTTL,
                new CreateTTLRequest(root + "/of-" + flags, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, flags, ttlMs));
    }

    private static List<Integer> codes(Frame reply) {
        return reply.into(new MultiResponse()).getResultList().stream()
                .map(result -> ((OpResult.ErrorResult) result).getErr())
                .toList();
    }
}
