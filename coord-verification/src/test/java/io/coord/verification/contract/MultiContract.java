package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.junit.jupiter.api.Test;

/** Several operations as one: all or nothing, under one zxid. */
abstract class MultiContract extends ServerContract {
    @Test
    void answersEachOperationInTurn() {
        Frame reply = session.ok(Operation.multi(
                creation(root + "/a"),
                Op.setData(root + "/a", bytes("new"), 0),
                Op.check(root + "/a", 1),
                Op.create(root + "/c", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.CONTAINER),
                Op.delete(root + "/a", 1)));
        List<OpResult> results = results(reply);
        assertThat(results)
                .extracting(OpResult::getType)
                .containsExactly(OpCode.create, OpCode.setData, OpCode.check, OpCode.create2, OpCode.delete);
        assertThat(((OpResult.CreateResult) results.get(0)).getPath()).isEqualTo(root + "/a");
        assertThat(((OpResult.SetDataResult) results.get(1)).getStat().getVersion())
                .isEqualTo(1);
        OpResult.CreateResult container = (OpResult.CreateResult) results.get(3);
        assertThat(container.getPath()).isEqualTo(root + "/c");
        assertThat(container.getStat().getCzxid()).isEqualTo(reply.zxid());
        assertThat(children(root)).containsExactly("c");
    }

    @Test
    void answersCreate2WithPathAndStat() {
        Frame reply = session.ok(Operation.framed(
                OpCode.multi,
                new Operation.Part(
                        OpCode.create2, new CreateRequest(root + "/a", bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, 0))));
        List<OpResult> results = results(reply);
        assertThat(results).hasSize(1);
        assertThat(results.get(0).getType()).isEqualTo(OpCode.create2);
        Stat stat = ((OpResult.CreateResult) results.get(0)).getStat();
        assertThat(stat).isEqualTo(stat(root + "/a"));
    }

    @Test
    void isAllOrNothing() {
        create(root + "/kept");
        Frame reply = session.call(Operation.multi(
                creation(root + "/a"),
                Op.delete(root + "/kept", -1),
                Op.setData(root, bytes("never"), -1),
                creation(root + "/a")));
        assertThat(reply.error()).as("the header of a failed multi").isZero();
        assertThat(codes(reply)).containsExactly(0, 0, 0, Errors.NODE_EXISTS);
        assertThat(children(root)).containsExactly("kept");
        assertThat(data(root)).isEqualTo("root");
    }

    @Test
    void tellsZeroBeforeTheFailureAndRuntimeInconsistencyBehindIt() {
        Frame reply = session.call(Operation.multi(
                creation(root + "/a"),
                Op.check(root + "/gone", -1),
                creation(root + "/b"),
                Op.delete(root + "/alsogone", -1)));
        assertThat(codes(reply))
                .containsExactly(0, Errors.NO_NODE, Errors.RUNTIME_INCONSISTENCY, Errors.RUNTIME_INCONSISTENCY);
    }

    @Test
    void usesOneZxidWhetherItFailsOrNot() {
        long first = session.ok(Operation.multi(creation(root + "/a"), creation(root + "/b")))
                .zxid();
        long failed = session.ok(Operation.multi(creation(root + "/c"), creation(root + "/a")))
                .zxid();
        long last = session.ok(Operation.setData(root, null, -1)).zxid();
        assertThat(failed).isEqualTo(first + 1);
        assertThat(last).isEqualTo(first + 2);
    }

    @Test
    void checksVersions() {
        setData(root, "1");
        assertThat(codes(session.ok(Operation.multi(Op.check(root, 0), Op.setData(root, bytes("2"), -1)))))
                .containsExactly(Errors.BAD_VERSION, Errors.RUNTIME_INCONSISTENCY);
        assertThat(results(session.ok(Operation.multi(Op.check(root, 1), Op.setData(root, bytes("2"), 1)))))
                .extracting(OpResult::getType)
                .containsExactly(OpCode.check, OpCode.setData);
        assertThat(data(root)).isEqualTo("2");
    }

    @Test
    void mayBeEmpty() {
        assertThat(results(session.ok(Operation.multi()))).isEmpty();
    }

    @Test
    void firesNoWatchWhenItFails() {
        RawSession watcher = newSession();
        watcher.ok(Operation.getData(root, true));
        watcher.ok(Operation.getChildren(root, true));
        watcher.ok(Operation.addWatch("/", 1));
        session.ok(
                Operation.multi(creation(root + "/a"), Op.setData(root, bytes("x"), -1), Op.check(root + "/gone", -1)));
        assertThat(watcher.takeEvents()).isEmpty();
        session.ok(Operation.multi(creation(root + "/a"), Op.setData(root, bytes("x"), -1)));
        assertThat(watcher.takeEvents())
                .containsExactly(
                        "NodeCreated " + root + "/a", "NodeChildrenChanged " + root, "NodeDataChanged " + root);
    }

    @Test
    void refusesAReadInsideAWrite() {
        Frame reply = session.call(
                Operation.framed(OpCode.multi, new Operation.Part(OpCode.exists, new ExistsRequest(root, false))));
        assertThat(reply.error()).isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(session.ping().error()).isZero();
    }

    @Test
    void refusesAnUnknownCreateFlagInside() {
        Frame reply = session.call(
                Operation.multi(creation(root + "/ok"), Op.create(root + "/x", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 99)));
        assertThat(reply.error()).isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(exists(root + "/ok")).isFalse();
    }

    @Test
    void refusesACreateWithoutAclInside() {
        Frame reply =
                session.call(Operation.multi(Op.check(root + "/gone", -1), Op.create(root + "/x", null, null, 0)));
        assertThat(reply.error()).isEqualTo(Errors.MARSHALLING_ERROR);
    }

    @Test
    void checksAclsOfEachOperation() {
        session.ok(Operation.create(root + "/locked", null, ZooDefs.Ids.READ_ACL_UNSAFE, 0));
        assertThat(codes(session.ok(Operation.multi(creation(root + "/a"), Op.setData(root + "/locked", null, -1)))))
                .containsExactly(0, Errors.NO_AUTH);
        assertThat(codes(session.ok(Operation.multi(Op.create(root + "/b", null, List.of(), 0)))))
                .containsExactly(Errors.INVALID_ACL);
        List<ACL> notToBeRead = List.of(new ACL(ZooDefs.Perms.ALL & ~ZooDefs.Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        session.ok(Operation.create(root + "/secret", null, notToBeRead, 0));
        assertThat(codes(session.ok(Operation.multi(Op.check(root + "/secret", 0)))))
                .containsExactly(Errors.NO_AUTH);
    }

    @Test
    void makesAndRemovesATreeInOneGo() {
        session.ok(Operation.multi(creation(root + "/a"), creation(root + "/a/b"), creation(root + "/a/b/c")));
        assertThat(stat(root + "/a/b").getNumChildren()).isEqualTo(1);
        assertThat(codes(session.ok(Operation.multi(Op.delete(root + "/a", -1), Op.delete(root + "/a/b/c", -1)))))
                .containsExactly(Errors.NOT_EMPTY, Errors.RUNTIME_INCONSISTENCY);
        results(session.ok(Operation.multi(
                Op.delete(root + "/a/b/c", 0), Op.delete(root + "/a/b", 0), Op.delete(root + "/a", 0))));
        assertThat(children(root)).isEmpty();
    }

    @Test
    void restoresExactlyWhatItUndoes() {
        create(root + "/a");
        create(root + "/a/b");
        session.ok(Operation.create(root + "/a/e", bytes("e"), Operation.EPHEMERAL));
        setData(root + "/a", "first");
        Stat a = stat(root + "/a");
        Stat b = stat(root + "/a/b");
        Stat e = stat(root + "/a/e");
        Frame reply = session.ok(Operation.multi(
                Op.setData(root + "/a", bytes("second"), 1),
                Op.delete(root + "/a/b", -1),
                Op.delete(root + "/a/e", -1),
                Op.create(root + "/a/s", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.EPHEMERAL_SEQUENTIAL),
                Op.delete(root + "/a/gone", -1)));
        assertThat(codes(reply)).containsExactly(0, 0, 0, 0, Errors.NO_NODE);
        assertThat(stat(root + "/a")).isEqualTo(a);
        assertThat(stat(root + "/a/b")).isEqualTo(b);
        assertThat(stat(root + "/a/e")).isEqualTo(e);
        assertThat(data(root + "/a")).isEqualTo("first");
        session.ok(Operation.closeSession());
        session = newSession();
        assertThat(children(root + "/a"))
                .as("the restored ephemeral still dies with its session")
                .containsExactly("b");
    }

    private static Op creation(String path) {
        return Op.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.PERSISTENT);
    }

    private static List<OpResult> results(Frame reply) {
        List<OpResult> results = reply.into(new MultiResponse()).getResultList();
        assertThat(results).as("no failure").noneMatch(ErrorResult.class::isInstance);
        return results;
    }

    private static List<Integer> codes(Frame reply) {
        return reply.into(new MultiResponse()).getResultList().stream()
                .map(result -> ((ErrorResult) result).getErr())
                .toList();
    }
}
