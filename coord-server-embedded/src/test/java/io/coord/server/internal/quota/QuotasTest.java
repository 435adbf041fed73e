package io.coord.server.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.Command.Rules;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.tree.Znode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private final CoordStateMachine state = new CoordStateMachine(7);
    private long session;

    @BeforeEach
    void openSession() {
        session = state.apply(new Command.CreateSession(1, 10_000, new byte[16]))
                .opened()
                .id();
        ok(create("/a", 3));
    }

    private static CreateRequest create(String path, int length) {
        return new CreateRequest(OpCode.CREATE, path, new byte[length], Acl.OPEN, 0);
    }

    private static CreateRequest create(String path, String text) {
        return new CreateRequest(OpCode.CREATE, path, text.getBytes(StandardCharsets.UTF_8), Acl.OPEN, 0);
    }

    private static SetDataRequest setData(String path, int length) {
        return new SetDataRequest(path, new byte[length], -1);
    }

    private static DeleteRequest delete(String path) {
        return new DeleteRequest(path, -1);
    }

    private Effects apply(Rules rules, Request request) {
        return state.apply(new Command.Write(2, session, 1, List.of(), rules, request));
    }

    private void ok(Request request) {
        assertThat(apply(Rules.QUOTAS_ENFORCED, request).answer().error()).isEqualTo(ErrorCode.OK);
    }

    private ErrorCode error(Request request) {
        return apply(Rules.QUOTAS_ENFORCED, request).answer().error();
    }

    /** As ZooKeeper's shell does it. */
    private void setQuota(String path, String limits) {
        String quota = "/zookeeper/quota";
        for (String each : path.substring(1).split("/", -1)) {
            quota += "/" + each;
            if (state.tree().get(quota) == null) {
                ok(create(quota, 0));
            }
        }
        ok(create(quota + "/zookeeper_limits", limits));
        ok(create(quota + "/zookeeper_stats", "count=0,bytes=0"));
    }

    private String figures(String path) {
        Znode node = state.tree().get("/zookeeper/quota" + path + "/zookeeper_stats");
        return new String(node.data(), StandardCharsets.UTF_8);
    }

    @Test
    void figuresBeginWithWhatIsThere() {
        ok(create("/a/b", 4));
        ok(create("/a/b/c", 5));

        setQuota("/a", "count=10,bytes=100");

        assertThat(figures("/a")).isEqualTo("count=3,bytes=12");
    }

    @Test
    void figuresFollowEachChange() {
        setQuota("/a", "count=10,bytes=100");
        ok(create("/a/b", 4));
        assertThat(figures("/a")).isEqualTo("count=2,bytes=7");
        ok(setData("/a/b", 1));
        assertThat(figures("/a")).isEqualTo("count=2,bytes=4");
        ok(setData("/a", 0));
        assertThat(figures("/a")).isEqualTo("count=2,bytes=1");
        ok(delete("/a/b"));
        assertThat(figures("/a")).isEqualTo("count=1,bytes=0");
        ok(create("/ab", 9));
        assertThat(figures("/a")).isEqualTo("count=1,bytes=0");
    }

    @Test
    void figuresChangeWithoutAnyOtherTrace() {
        setQuota("/a", "count=10,bytes=100");
        Znode node = state.tree().get("/zookeeper/quota/a/zookeeper_stats");
        long mzxid = node.mzxid();
        long mtime = node.mtime();

        Effects effects = apply(Rules.QUOTAS_TOLD, create("/a/b", 4));

        assertThat(effects.changes()).hasSize(1);
        assertThat(node.version()).isZero();
        assertThat(node.mzxid()).isEqualTo(mzxid);
        assertThat(node.mtime()).isEqualTo(mtime);
        assertThat(node.stat().dataLength()).isEqualTo("count=2,bytes=7".length());
    }

    @Test
    void onlyTheNearestQuotaCounts() {
        ok(create("/a/b", 0));
        setQuota("/a", "count=10,bytes=-1");
        setQuota("/a/b", "count=10,bytes=-1");
        ok(create("/a/b/c", 2));
        assertThat(figures("/a")).isEqualTo("count=2,bytes=3");
        assertThat(figures("/a/b")).isEqualTo("count=2,bytes=2");
        ok(delete("/zookeeper/quota/a/b/zookeeper_limits"));
        ok(create("/a/b/d", 2));
        assertThat(figures("/a")).isEqualTo("count=3,bytes=5");
        assertThat(figures("/a/b")).isEqualTo("count=2,bytes=2");
    }

    @Test
    void ephemeralsThatDieWithTheirSessionAreCountedOff() {
        setQuota("/a", "count=10,bytes=100");
        for (int i = 0; i < 3; i++) {
            ok(new CreateRequest(OpCode.CREATE, "/a/e", new byte[2], Acl.OPEN, 3));
        }
        assertThat(figures("/a")).isEqualTo("count=4,bytes=9");

        state.apply(new Command.CloseSession(3, session, 1, true));

        assertThat(figures("/a")).isEqualTo("count=1,bytes=3");
    }

    @Test
    void aContainerThatIsRemovedIsCountedOff() {
        setQuota("/a", "count=10,bytes=100");
        ok(new CreateRequest(OpCode.CREATE_CONTAINER, "/a/c", new byte[2], Acl.OPEN, 4));
        ok(create("/a/c/child", 0));
        ok(delete("/a/c/child"));

        state.apply(new Command.ReapZnode(3, "/a/c", 0));

        assertThat(figures("/a")).isEqualTo("count=1,bytes=3");
    }

    @Test
    void aFailedMultiLeavesTheFiguresAsTheyWere() {
        setQuota("/a", "count=10,bytes=100");
        long before = state.tree().get("/zookeeper/quota").cversion();

        apply(
                Rules.QUOTAS_ENFORCED,
                new MultiRequest(List.of(
                        create("/a/b", 4), setData("/a", 9), delete("/a/b"), create("/a/x", 1), delete("/gone"))));

        assertThat(figures("/a")).isEqualTo("count=1,bytes=3");
        assertThat(state.tree().get("/zookeeper/quota").cversion()).isEqualTo(before);
    }

    @Test
    void anOperationOfAMultiSeesThoseBeforeIt() {
        setQuota("/a", "count=10,bytes=-1=;countHardLimit=2");
        apply(Rules.QUOTAS_ENFORCED, new MultiRequest(List.of(create("/a/b", 1), create("/a/c", 1))));
        assertThat(state.tree().get("/a/b")).isNull();
        apply(Rules.QUOTAS_ENFORCED, new MultiRequest(List.of(create("/a/b", 1), delete("/a/b"), create("/a/c", 1))));
        assertThat(state.tree().get("/a/c")).isNotNull();
    }

    @Test
    void hardLimitsRefuseWhereTheyAreEnforced() {
        setQuota("/a", "count=1,bytes=1=;byteHardLimit=10;countHardLimit=2");
        ok(create("/a/b", 7));
        assertThat(error(create("/a/c", 0))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(error(setData("/a/b", 8))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(error(setData("/a/b", 7))).isEqualTo(ErrorCode.OK);
        assertThat(figures("/a")).isEqualTo("count=2,bytes=10");
        assertThat(error(new SetDataRequest("/a/b", new byte[8], 99)))
                .as("the quota is looked at before the version")
                .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void whatIsNotRefusedIsTold() {
        setQuota("/a", "count=1,bytes=2");
        QuotaExcess soft = apply(Rules.QUOTAS_ENFORCED, create("/a/b", 0)).excess();
        assertThat(soft).isEqualTo(new QuotaExcess("/a", "count", 2, 1, false));
        QuotaExcess ofBytes = apply(Rules.QUOTAS_TOLD, setData("/a/b", 4)).excess();
        assertThat(ofBytes).isEqualTo(new QuotaExcess("/a", "bytes", 7, 2, false));
        ok(new SetDataRequest(
                "/zookeeper/quota/a/zookeeper_limits", "countHardLimit=1".getBytes(StandardCharsets.UTF_8), -1));
        Effects told = apply(Rules.QUOTAS_TOLD, create("/a/c", 0));
        assertThat(told.answer().error()).isEqualTo(ErrorCode.OK);
        assertThat(told.excess()).isEqualTo(new QuotaExcess("/a", "count", 3, 1, true));
        Effects refused = apply(Rules.QUOTAS_ENFORCED, create("/a/d", 0));
        assertThat(refused.excess()).isEqualTo(new QuotaExcess("/a", "count", 4, 1, true));
    }

    @Test
    void textThatIsNoneLimitsNothingAndStaysAsItIs() {
        setQuota("/a", "nonsense");
        ok(create("/a/b", 1));
        assertThat(figures("/a")).isEqualTo("count=2,bytes=4");
        ok(new SetDataRequest("/zookeeper/quota/a/zookeeper_stats", new byte[] {'?'}, -1));
        ok(create("/a/c", 1));
        assertThat(figures("/a")).isEqualTo("?");
    }

    @Test
    void theRootHasNoQuota() {
        ok(create("/zookeeper/quota/zookeeper_limits", "countHardLimit=0"));
        ok(create("/zookeeper/quota/zookeeper_stats", "count=0,bytes=0"));
        ok(create("/free", 1));
        ok(setData("/", 5));
        assertThat(figures("")).isEqualTo("count=0,bytes=0");
    }

    @Test
    void quotasOfWhatIsNotThereBeginWithNothing() {
        setQuota("/later", "countHardLimit=1");
        assertThat(figures("/later")).isEqualTo("count=0,bytes=0");
        ok(create("/later", 2));
        assertThat(figures("/later")).isEqualTo("count=1,bytes=2");
        assertThat(error(create("/later/x", 2))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }
}
