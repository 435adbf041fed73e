package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several reads answered together. */
abstract class MultiReadContract extends ServerContract {
    @Test
    void answersEachReadInTurn() {
        create(root + "/b");
        create(root + "/a");
        List<OpResult> results = results(
                session.ok(Operation.multiRead(Op.getData(root), Op.getChildren(root), Op.getData(root + "/a"))));
        assertThat(results)
                .extracting(OpResult::getType)
                .containsExactly(OpCode.getData, OpCode.getChildren, OpCode.getData);
        OpResult.GetDataResult first = (OpResult.GetDataResult) results.get(0);
        assertThat(first.getData()).isEqualTo(bytes("root"));
        assertThat(first.getStat()).isEqualTo(stat(root));
        assertThat(((OpResult.GetChildrenResult) results.get(1)).getChildren()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aFailingReadIsAnErrorOfItsOwnAndTheOthersSucceed() {
        session.ok(Operation.create(root + "/secret", bytes("x"), secret(), 0));
        List<OpResult> results = results(session.ok(Operation.multiRead(
                Op.getData(root + "/gone"),
                Op.getData(root),
                Op.getChildren(root + "/gone"),
                Op.getData(root + "/secret"),
                Op.getChildren(root + "/secret"),
                Op.getChildren(root))));
        assertThat(results.get(0)).isEqualTo(new OpResult.ErrorResult(Errors.NO_NODE));
        assertThat(results.get(1).getType()).isEqualTo(OpCode.getData);
        assertThat(results.get(2)).isEqualTo(new OpResult.ErrorResult(Errors.NO_NODE));
        assertThat(results.get(3)).isEqualTo(new OpResult.ErrorResult(Errors.NO_AUTH));
        assertThat(results.get(4)).isEqualTo(new OpResult.ErrorResult(Errors.NO_AUTH));
        assertThat(results.get(5)).isEqualTo(new OpResult.GetChildrenResult(List.of("secret")));
    }

    @Test
    void mayBeEmpty() {
        assertThat(results(session.ok(Operation.multiRead()))).isEmpty();
    }

    @Test
    void takesNoZxidAndSeesTheSessionsOwnWrites() {
        int write = session.send(Operation.setData(root, bytes("mine"), -1));
        int read = session.send(Operation.multiRead(Op.getData(root)));
        long zxid = session.awaitReply(write).zxid();
        Frame reply = session.awaitReply(read);
        assertThat(reply.zxid()).isEqualTo(zxid);
        assertThat(((OpResult.GetDataResult) results(reply).get(0)).getData()).isEqualTo(bytes("mine"));
    }

    @Test
    void armsNoWatch() {
        RawSession reader = newSession();
        reader.ok(Operation.framed(
                OpCode.multiRead,
                new Operation.Part(OpCode.getData, new GetDataRequest(root, true)),
                new Operation.Part(OpCode.getChildren, new GetChildrenRequest(root, true))));
        setData(root, "new");
        create(root + "/a");
        assertThat(reader.takeEvents()).isEmpty();
    }

    @Test
    void refusesAWriteAmongReadsAndAReadAmongWrites() {
        Operation.Part read = new Operation.Part(OpCode.getData, new GetDataRequest(root, false));
        Operation.Part write = new Operation.Part(OpCode.delete, new DeleteRequest(root, -1));
        for (int op : List.of(OpCode.multi, OpCode.multiRead)) {
            assertThat(error(Operation.framed(op, read, write))).isEqualTo(Errors.MARSHALLING_ERROR);
            assertThat(error(Operation.framed(op, write, read))).isEqualTo(Errors.MARSHALLING_ERROR);
        }
        // Behind this error ZooKeeper sends the end of an empty list of results.
        assertThat(session.call(Operation.framed(OpCode.multiRead, write)).error())
                .isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(exists(root)).isTrue();
    }

    @Test
    void refusesOtherReads() {
        assertThat(error(Operation.framed(
                        OpCode.multiRead, new Operation.Part(OpCode.exists, new ExistsRequest(root, false)))))
                .isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(error(Operation.framed(
                        OpCode.multiRead,
                        new Operation.Part(OpCode.getChildren2, new GetChildren2Request(root, false)))))
                .isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(session.ping().error()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "/a//b", "/a/", "/./a"})
    void doesNotCheckPaths(String path) {
        List<OpResult> results = results(session.ok(Operation.framed(
                OpCode.multiRead, new Operation.Part(OpCode.getData, new GetDataRequest(path, false)))));
        if (path.isEmpty()) {
            assertThat(results.get(0).getType()).isEqualTo(OpCode.getData);
        } else {
            assertThat(results).containsExactly(new OpResult.ErrorResult(Errors.NO_NODE));
        }
    }

    private static List<org.apache.zookeeper.data.ACL> secret() {
        return List.of(new org.apache.zookeeper.data.ACL(
                ZooDefs.Perms.WRITE, new org.apache.zookeeper.data.Id("world", "anyone")));
    }

    private static List<OpResult> results(Frame reply) {
        return reply.into(new MultiResponse()).getResultList();
    }
}
