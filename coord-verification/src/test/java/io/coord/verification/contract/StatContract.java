package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.SetACLResponse;
import org.junit.jupiter.api.Test;

/** What each change does to the stat of a znode and of its parent. */
abstract class StatContract extends ServerContract {
    @Test
    void createFillsTheStatAndCountsAtTheParent() {
        Stat parentBefore = stat(root);
        Frame reply = session.ok(Operation.create2(root + "/a", bytes("four"), Operation.PERSISTENT));
        Stat stat = reply.into(new Create2Response()).getStat();
        assertThat(stat.getCzxid()).isEqualTo(reply.zxid());
        assertThat(stat.getMzxid()).isEqualTo(reply.zxid());
        assertThat(stat.getPzxid()).isEqualTo(reply.zxid());
        assertThat(stat.getCtime()).isEqualTo(stat.getMtime()).isPositive();
        assertThat(stat.getVersion()).isZero();
        assertThat(stat.getCversion()).isZero();
        assertThat(stat.getAversion()).isZero();
        assertThat(stat.getEphemeralOwner()).isZero();
        assertThat(stat.getDataLength()).isEqualTo(4);
        assertThat(stat.getNumChildren()).isZero();
        assertThat(stat(root + "/a")).isEqualTo(stat);

        Stat parent = stat(root);
        assertThat(parent)
                .isEqualTo(expected(
                        parentBefore, parentBefore.getCversion() + 1, parentBefore.getNumChildren() + 1, reply.zxid()));
    }

    @Test
    void nullDataHasLengthZero() {
        Stat stat = session.ok(Operation.create2(root + "/null", null, Operation.PERSISTENT))
                .into(new Create2Response())
                .getStat();
        assertThat(stat.getDataLength()).isZero();
        GetDataResponse read =
                session.ok(Operation.getData(root + "/null", false)).into(new GetDataResponse());
        assertThat(read.getData()).isNull();
        session.ok(Operation.setData(root + "/null", new byte[0], -1));
        assertThat(session.ok(Operation.getData(root + "/null", false))
                        .into(new GetDataResponse())
                        .getData())
                .isEmpty();
    }

    @Test
    void deleteCountsAtTheParent() {
        create(root + "/a");
        Stat before = stat(root);
        long zxid = session.ok(Operation.delete(root + "/a", 0)).zxid();
        assertThat(stat(root)).isEqualTo(expected(before, before.getCversion() + 1, before.getNumChildren() - 1, zxid));
    }

    @Test
    void setDataChangesOnlyTheZnodesDataFields() {
        create(root + "/a");
        create(root + "/a/child");
        Stat before = stat(root + "/a");
        Stat parentBefore = stat(root);
        Frame reply = session.ok(Operation.setData(root + "/a", bytes("longer"), 0));
        Stat after = stat(root + "/a");
        Stat expected = copy(before);
        expected.setMzxid(reply.zxid());
        expected.setMtime(after.getMtime());
        expected.setVersion(1);
        expected.setDataLength(6);
        assertThat(after).isEqualTo(expected);
        assertThat(after.getMtime()).isGreaterThanOrEqualTo(before.getMtime());
        assertThat(reply.into(new Stat())).isEqualTo(after);
        assertThat(stat(root)).isEqualTo(parentBefore);
    }

    @Test
    void setDataWithEqualBytesStillCounts() {
        assertThat(setData(root, "same").getVersion()).isEqualTo(1);
        assertThat(setData(root, "same").getVersion()).isEqualTo(2);
    }

    @Test
    void setAclChangesOnlyTheAclVersion() {
        create(root + "/a");
        Stat before = stat(root + "/a");
        Stat parentBefore = stat(root);
        Stat replied = session.ok(Operation.setAcl(root + "/a", ZooDefs.Ids.OPEN_ACL_UNSAFE, 0))
                .into(new SetACLResponse())
                .getStat();
        Stat expected = copy(before);
        expected.setAversion(1);
        assertThat(stat(root + "/a")).isEqualTo(expected);
        assertThat(replied).isEqualTo(expected);
        assertThat(stat(root)).isEqualTo(parentBefore);
    }

    @Test
    void failedWritesChangeNothing() {
        create(root + "/a");
        create(root + "/a/b");
        Stat parent = stat(root);
        Stat node = stat(root + "/a");
        assertThat(error(Operation.create(root + "/a", null, 0))).isEqualTo(Errors.NODE_EXISTS);
        assertThat(error(Operation.delete(root + "/a", 0))).isEqualTo(Errors.NOT_EMPTY);
        assertThat(error(Operation.setData(root + "/a", null, 9))).isEqualTo(Errors.BAD_VERSION);
        assertThat(error(Operation.setAcl(root + "/a", ZooDefs.Ids.OPEN_ACL_UNSAFE, 9)))
                .isEqualTo(Errors.BAD_VERSION);
        session.ok(Operation.multi(Op.setData(root + "/a", bytes("undone"), -1), Op.delete(root + "/gone", -1)));
        assertThat(stat(root)).isEqualTo(parent);
        assertThat(stat(root + "/a")).isEqualTo(node);
    }

    @Test
    void opsOfAMultiShareZxidAndTime() {
        Frame reply = session.ok(Operation.multi(
                Op.create(root + "/a", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0),
                Op.create(root + "/b", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0),
                Op.setData(root + "/a", bytes("x"), 0)));
        Stat a = stat(root + "/a");
        Stat b = stat(root + "/b");
        assertThat(a.getCzxid()).isEqualTo(reply.zxid()).isEqualTo(a.getMzxid());
        assertThat(b.getCzxid()).isEqualTo(reply.zxid());
        assertThat(a.getCtime()).isEqualTo(b.getCtime()).isEqualTo(a.getMtime());
        assertThat(a.getVersion()).isEqualTo(1);
        assertThat(stat(root).getCversion()).isEqualTo(2);
        assertThat(stat(root).getPzxid()).isEqualTo(reply.zxid());
    }

    @Test
    void closingASessionDeletesItsEphemeralsUnderOneZxid() {
        RawSession owner = newSession();
        create(root + "/other");
        for (int i = 0; i < 5; i++) {
            owner.ok(Operation.create(root + "/e" + i, null, Operation.EPHEMERAL));
        }
        owner.ok(Operation.create(root + "/other/e", null, Operation.EPHEMERAL));
        Stat before = stat(root);
        long zxid = owner.ok(Operation.closeSession()).zxid();
        assertThat(stat(root)).isEqualTo(expected(before, before.getCversion() + 5, 1, zxid));
        assertThat(stat(root + "/other").getPzxid()).isEqualTo(zxid);
    }

    @Test
    void ephemeralShowsItsOwnerAndAContainerDoesNot() {
        session.ok(Operation.create(root + "/e", null, Operation.EPHEMERAL));
        session.ok(Operation.createContainer(root + "/c"));
        assertThat(stat(root + "/e").getEphemeralOwner()).isEqualTo(session.id());
        assertThat(stat(root + "/c").getEphemeralOwner()).isZero();
    }

    @Test
    void everyReadTellsTheSameStat() {
        create(root + "/a");
        Stat stat = stat(root);
        assertThat(session.ok(Operation.getData(root, false))
                        .into(new GetDataResponse())
                        .getStat())
                .isEqualTo(stat);
        assertThat(session.ok(Operation.getChildren2(root, false))
                        .into(new GetChildren2Response())
                        .getStat())
                .isEqualTo(stat);
        assertThat(acl(session, root).getStat()).isEqualTo(stat);
    }

    @Test
    void versionMinusOneMeansAny() {
        assertThat(error(Operation.setData(root, null, -1))).isZero();
        assertThat(error(Operation.setData(root, null, 1))).isZero();
        assertThat(error(Operation.setData(root, null, 1))).isEqualTo(Errors.BAD_VERSION);
        assertThat(error(Operation.setData(root, null, -2))).isEqualTo(Errors.BAD_VERSION);
        assertThat(error(Operation.setData(root, null, Integer.MIN_VALUE))).isEqualTo(Errors.BAD_VERSION);
    }

    private static Stat expected(Stat before, int cversion, int numChildren, long pzxid) {
        Stat expected = copy(before);
        expected.setCversion(cversion);
        expected.setNumChildren(numChildren);
        expected.setPzxid(pzxid);
        return expected;
    }

    private static Stat copy(Stat stat) {
        return new Stat(
                stat.getCzxid(),
                stat.getMzxid(),
                stat.getCtime(),
                stat.getMtime(),
                stat.getVersion(),
                stat.getCversion(),
                stat.getAversion(),
                stat.getEphemeralOwner(),
                stat.getDataLength(),
                stat.getNumChildren(),
                stat.getPzxid());
    }
}
