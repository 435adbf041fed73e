package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

/** How many znodes and bytes there may be below a znode, as ZooKeeper's shell sets and reads it. */
abstract class QuotaContract extends ServerContract {
    private static final String LIMITS = "/zookeeper_limits";
    private static final String FIGURES = "/zookeeper_stats";

    private String quota() {
        return "/zookeeper/quota" + root;
    }

    private void setQuota(String limits) {
        session.ok(Operation.create(quota(), new byte[0], 0));
        session.ok(Operation.create(quota() + LIMITS, bytes(limits), 0));
        session.ok(Operation.create(quota() + FIGURES, bytes("count=0,bytes=0"), 0));
    }

    private String figures() {
        return data(quota() + FIGURES);
    }

    private int add(String name, int length) {
        return error(Operation.create(root + name, new byte[length], 0));
    }

    /** Step by step as setquota, listquota and delquota do it. */
    @Test
    void theShellSetsListsAndDeletesQuotas() throws Exception {
        create(root + "/child");
        ZooKeeper shell = closeAfterwards(new ZooKeeper(server().connectString(), 10_000, event -> {}));
        StatsTrack limits = new StatsTrack();
        limits.setCount(3);
        limits.setByteHardLimit(100);
        shell.create(quota(), null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        shell.create(quota() + LIMITS, limits.getStatsBytes(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        StatsTrack nothing = new StatsTrack();
        nothing.setBytes(0);
        nothing.setCount(0);
        shell.create(quota() + FIGURES, nothing.getStatsBytes(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(new StatsTrack(shell.getData(quota() + LIMITS, false, null)).toString())
                .isEqualTo("count=3,bytes=-1=;byteHardLimit=100");
        assertThat(new StatsTrack(shell.getData(quota() + FIGURES, false, null)).toString())
                .isEqualTo("count=2,bytes=4");

        limits.setCount(-1);
        shell.setData(quota() + LIMITS, limits.getStatsBytes(), -1);
        shell.delete(quota() + FIGURES, -1);
        shell.delete(quota() + LIMITS, -1);
        shell.delete(quota(), -1);
        shell.setData(root, new byte[200], -1);
    }

    @Test
    void figuresFollowEachChange() {
        setQuota("count=100,bytes=100");
        assertThat(figures()).isEqualTo("count=1,bytes=4");
        add("/a", 7);
        assertThat(figures()).isEqualTo("count=2,bytes=11");
        session.ok(Operation.setData(root + "/a", new byte[2], -1));
        assertThat(figures()).isEqualTo("count=2,bytes=6");
        session.ok(Operation.setData(root + "/a", null, -1));
        assertThat(figures()).isEqualTo("count=2,bytes=4");
        session.ok(Operation.multi(
                Op.create(root + "/a/b", new byte[3], ZooDefs.Ids.OPEN_ACL_UNSAFE, 0), Op.delete(root + "/a/b", -1)));
        assertThat(figures()).isEqualTo("count=2,bytes=4");
        delete(root + "/a");
        assertThat(figures()).isEqualTo("count=1,bytes=4");
    }

    @Test
    void ephemeralsOfAnEndedSessionAreCountedOff() {
        setQuota("count=100,bytes=100");
        RawSession mortal = newSession();
        mortal.ok(Operation.create(root + "/e", new byte[5], Operation.EPHEMERAL));
        mortal.ok(Operation.create(root + "/f", new byte[6], Operation.EPHEMERAL));
        assertThat(figures()).isEqualTo("count=3,bytes=15");
        mortal.endSession();
        assertThat(figures()).isEqualTo("count=1,bytes=4");
    }

    @Test
    void figuresChangeWithoutAStatOrAnEvent() {
        setQuota("count=100,bytes=100");
        session.ok(Operation.getData(quota() + FIGURES, true));
        session.ok(Operation.addWatch(quota(), 1));
        Stat before = stat(quota() + FIGURES);
        add("/a", 7);
        Stat after = stat(quota() + FIGURES);
        assertThat(session.takeEvents()).isEmpty();
        assertThat(after.getVersion()).isEqualTo(before.getVersion());
        assertThat(after.getMzxid()).isEqualTo(before.getMzxid());
        assertThat(after.getMtime()).isEqualTo(before.getMtime());
        assertThat(after.getDataLength()).isEqualTo("count=2,bytes=11".length());
    }

    @Test
    void onlyTheNearestQuotaCounts() {
        setQuota("count=100,bytes=100");
        add("/a", 0);
        session.ok(Operation.create(quota() + "/a", null, 0));
        session.ok(Operation.create(quota() + "/a" + LIMITS, bytes("count=100,bytes=100"), 0));
        session.ok(Operation.create(quota() + "/a" + FIGURES, bytes(""), 0));
        add("/a/b", 5);
        assertThat(data(quota() + "/a" + FIGURES)).isEqualTo("count=2,bytes=5");
        assertThat(figures()).isEqualTo("count=2,bytes=4");
        delete(quota() + "/a" + LIMITS);
        add("/a/c", 5);
        assertThat(data(quota() + "/a" + FIGURES)).isEqualTo("count=2,bytes=5");
        assertThat(figures()).isEqualTo("count=3,bytes=9");
    }

    @Test
    void hardLimitsRefuse() {
        setQuota("count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=2");
        assertThat(add("/a", 6)).isZero();
        assertThat(add("/b", 0)).isEqualTo(Errors.QUOTA_EXCEEDED);
        assertThat(error(Operation.setData(root + "/a", new byte[7], -1))).isEqualTo(Errors.QUOTA_EXCEEDED);
        assertThat(error(Operation.setData(root + "/a", new byte[6], -1))).isZero();
        assertThat(exists(root + "/b")).isFalse();
        assertThat(figures()).isEqualTo("count=2,bytes=10");
    }

    @Test
    void softLimitsDoNot() {
        setQuota("count=1,bytes=1");
        assertThat(add("/a", 6)).isZero();
        assertThat(error(Operation.setData(root + "/a", new byte[7], -1))).isZero();
        assertThat(figures()).isEqualTo("count=2,bytes=11");
    }

    @Test
    void theErrorComesBehindThatOfTheParentAndBeforeThatOfTheVersion() {
        setQuota("countHardLimit=1;byteHardLimit=4");
        add("/ignored", 0);
        assertThat(add("", 0)).isEqualTo(Errors.NODE_EXISTS);
        assertThat(error(Operation.setData(root, new byte[9], 77))).isEqualTo(Errors.QUOTA_EXCEEDED);
        assertThat(error(Operation.setData(root, new byte[1], 77))).isEqualTo(Errors.BAD_VERSION);
        session.ok(Operation.setData(quota() + LIMITS, bytes("count=-1,bytes=-1"), -1));
        session.ok(Operation.create(root + "/e", null, Operation.EPHEMERAL));
        session.ok(Operation.setData(quota() + LIMITS, bytes("countHardLimit=1"), -1));
        assertThat(add("/e/x", 0)).isEqualTo(Errors.NO_CHILDREN_FOR_EPHEMERALS);
    }

    @Test
    void whatIsBeyondAlreadyMayNotEvenShrinkToLessThanEnough() {
        setQuota("count=-1,bytes=-1");
        add("/a", 50);
        session.ok(Operation.setData(quota() + LIMITS, bytes("byteHardLimit=10"), -1));
        assertThat(error(Operation.setData(root + "/a", new byte[20], -1))).isEqualTo(Errors.QUOTA_EXCEEDED);
        assertThat(error(Operation.setData(root + "/a", new byte[5], -1))).isZero();
    }

    @Test
    void aMultiTellsOfItLikeOfAnyError() {
        setQuota("countHardLimit=1");
        Frame reply = session.call(Operation.multi(
                Op.check(root, -1), Op.create(root + "/a", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0), Op.check(root, -1)));
        assertThat(reply.error()).isZero();
        assertThat(reply.into(new MultiResponse()).getResultList())
                .extracting(result -> ((OpResult.ErrorResult) result).getErr())
                .isEqualTo(List.of(0, Errors.QUOTA_EXCEEDED, Errors.RUNTIME_INCONSISTENCY));
    }

    /** ZooKeeper looks at the figures of before the multi. */
    @Test
    void aMultiAsAWholeMayLeadBeyondAQuotaOfZooKeepersOnly() {
        setQuota("countHardLimit=2");
        Frame reply = session.call(Operation.multi(
                Op.create(root + "/a", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0),
                Op.create(root + "/b", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0)));
        assertThat(reply.error()).isZero();
        assertThat(exists(root + "/b")).isEqualTo(!isCoord());
    }

    @Test
    void figuresThatAClientWritesAreCountedOnFrom() {
        setQuota("count=100,bytes=100");
        session.ok(Operation.setData(quota() + FIGURES, bytes("count=40,bytes=50=;countHardLimit=7"), -1));
        add("/a", 3);
        assertThat(figures()).isEqualTo("count=41,bytes=53=;countHardLimit=7");
        delete(quota() + FIGURES);
        add("/b", 3);
        session.ok(Operation.create(quota() + FIGURES, bytes("anything"), 0));
        assertThat(figures()).isEqualTo("count=3,bytes=10");
    }
}
