package io.coord.server.internal.state;

import static io.coord.server.internal.state.Commands.NOBODY;
import static io.coord.server.internal.state.Commands.delete;
import static io.coord.server.internal.state.Commands.setData;
import static io.coord.server.internal.state.Commands.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.TreeChange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoordStateMachineTest {
    private final CoordStateMachine state = new CoordStateMachine(1);
    private long session;

    @BeforeEach
    void openSession() {
        session = open().id();
    }

    private Session open() {
        Session opened = state.apply(new Command.CreateSession(10, 4_000, Commands.password()))
                .opened();
        assertThat(opened).isNotNull();
        return opened;
    }

    private Effects apply(Request request) {
        return state.apply(write(100, session, request));
    }

    private ErrorCode error(Request request) {
        return apply(request).answer().error();
    }

    private Response response(Request request) {
        Response response = apply(request).answer().response();
        assertThat(response).isNotNull();
        return response;
    }

    private Stat stat(String path) {
        return ((StatResponse) state.exists(path, NOBODY).response()).stat();
    }

    @Test
    void everyWriteTakesAZxidTheFailedOnesToo() {
        assertThat(state.lastZxid()).isEqualTo(1);
        assertThat(apply(Commands.create("/a", 0)).zxid()).isEqualTo(2);
        assertThat(apply(Commands.create("/a", 0)).zxid()).isEqualTo(3);
        assertThat(error(delete("/gone"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(state.lastZxid()).isEqualTo(4);
    }

    @Test
    void timeNeverGoesBack() {
        state.apply(write(500, session, Commands.create("/a", 0)));
        state.apply(write(300, session, Commands.create("/b", 0)));

        assertThat(stat("/b").ctime()).isEqualTo(500);
    }

    @Test
    void sequenceNumbersCountAllCreationsAndNoFailures() {
        apply(Commands.create("/q", 0));
        apply(Commands.create("/q/plain", 0));
        apply(Commands.create("/q/plain", 0));
        apply(delete("/q/plain"));
        apply(new MultiRequest(List.of(Commands.create("/q/s-", 2), delete("/gone"))));

        assertThat(((Create2Response) response(Commands.create("/q/s-", 2))).path())
                .isEqualTo("/q/s-0000000001");
        assertThat(((Create2Response) response(Commands.create("/q/", 3))).path())
                .isEqualTo("/q/0000000002");
    }

    @Test
    void sequenceNumbersPrintAsInZooKeeperBeyondTheirRange() {
        assertThat(TreeWrites.sequenceSuffix(0)).isEqualTo("0000000000");
        assertThat(TreeWrites.sequenceSuffix(Integer.MAX_VALUE)).isEqualTo("2147483647");
        assertThat(TreeWrites.sequenceSuffix(Integer.MIN_VALUE)).isEqualTo("-2147483648");
        assertThat(TreeWrites.sequenceSuffix(-1)).isEqualTo("-000000001");
    }

    @Test
    void aMultiHappensUnderOneZxidAndLaterOperationsSeeEarlierOnes() {
        Effects effects = apply(new MultiRequest(List.of(
                Commands.create("/a", 0),
                Commands.create("/a/s", 2),
                Commands.create("/a/s", 2),
                new CheckVersionRequest("/a", 0),
                setData("/a", 0))));

        assertThat(effects.changes()).hasSize(4);
        List<MultiResponse.Result> results = ((MultiResponse) effects.answer().response()).results();
        assertThat(results)
                .extracting(each -> ((MultiResponse.Done) each).op())
                .containsExactly(OpCode.CREATE2, OpCode.CREATE2, OpCode.CREATE2, OpCode.CHECK, OpCode.SET_DATA);
        assertThat(stat("/a/s0000000000").czxid()).isEqualTo(effects.zxid());
        assertThat(stat("/a/s0000000001").czxid()).isEqualTo(effects.zxid());
    }

    @Test
    void aFailedMultiTellsWhichOperationFailedAndChangesNothing() {
        apply(Commands.create("/a", 0));
        Stat before = stat("/a");
        Effects effects =
                apply(new MultiRequest(List.of(Commands.create("/a/b", 1), setData("/a", 7), delete("/a/b"))));

        assertThat(effects.answer().error()).isEqualTo(ErrorCode.OK);
        assertThat(((MultiResponse) effects.answer().response()).results())
                .containsExactly(
                        new MultiResponse.Failed(0), new MultiResponse.Failed(-103), new MultiResponse.Failed(-2));
        assertThat(effects.changes()).isEmpty();
        assertThat(stat("/a")).isEqualTo(before);
        assertThat(state.tree().ephemeralCount()).isZero();
    }

    @Test
    void anEmptyMultiIsLegal() {
        assertThat(response(new MultiRequest(List.of()))).isEqualTo(new MultiResponse(List.of()));
    }

    @Test
    void closingASessionDeletesItsEphemeralsUnderOneZxid() {
        apply(Commands.create("/p", 0));
        apply(Commands.create("/p/b", 1));
        apply(Commands.create("/p/a", 1));
        long other = open().id();
        state.apply(write(100, other, Commands.create("/p/other", 1)));
        Effects effects = state.apply(new Command.CloseSession(200, session, 1, false));

        assertThat(effects.closed()).isNotNull();
        assertThat(effects.changes()).extracting(each -> each.path()).containsExactly("/p/a", "/p/b");
        assertThat(stat("/p").pzxid()).isEqualTo(effects.zxid());
        assertThat(stat("/p").cversion()).isEqualTo(5);
        assertThat(stat("/p").numChildren()).isEqualTo(1);
        assertThat(error(Commands.create("/x", 0))).isEqualTo(ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void aReattachmentVoidsWhatCameThroughTheOldConnectionAndAnExpiryUnderWay() {
        long before = state.lastZxid();
        Effects attached = state.apply(new Command.AttachSession(20, session, 6_000, Commands.password()));

        assertThat(attached.opened()).isEqualTo(new Session(session, 6_000, Commands.password(), 2));
        assertThat(state.lastZxid()).isEqualTo(before);
        assertThat(error(Commands.create("/a", 0))).isEqualTo(ErrorCode.SESSION_MOVED);
        assertThat(state.apply(new Command.CloseSession(30, session, 1, true)).closed())
                .isNull();
        assertThat(state.sessions().get(session)).isNotNull();
    }

    @Test
    void aWrongPasswordDoesNotAttach() {
        Effects effects = state.apply(new Command.AttachSession(20, session, 6_000, new byte[] {1}));

        assertThat(effects.opened()).isNull();
        assertThat(effects.answer().error()).isEqualTo(ErrorCode.SESSION_EXPIRED);
        assertThat(state.sessions().get(session).attachment()).isEqualTo(1);
    }

    @Test
    void aZnodeWithATimeToLiveHasNoOwnerAndMayHaveChildren() {
        assertThat(response(Commands.ttl("/t", 5, 1))).isEqualTo(new Create2Response("/t", stat("/t")));
        assertThat(stat("/t").ephemeralOwner()).isZero();
        assertThat(state.tree().get("/t").ttlMs()).isEqualTo(1);
        apply(Commands.ttl("/t/child-", 6, CreateMode.MAX_TTL_MS));
        assertThat(state.tree().get("/t/child-0000000000").ttlMs()).isEqualTo(CreateMode.MAX_TTL_MS);
        state.apply(new Command.CloseSession(30, session, 1, false));
        assertThat(state.tree().get("/t/child-0000000000")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "5, -1", "6, 0", "5, 1099511627776", "6, 9223372036854775807", "0, 1", "1, -1", "4, 7", "7, 1"})
    void aTimeToLiveIsOneToTwoToTheFortiethMillisecondsAndHasItsFlag(int flags, long ttlMs) {
        assertThat(error(Commands.ttl("/t", flags, ttlMs))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(state.tree().get("/t")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void theFlagWithoutATimeToLiveIsRefused(int flags) {
        assertThat(error(Commands.create("/t", flags))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void aMultiReadGoesNoFurtherThanItsResponseMay() {
        apply(Commands.create("/p", 0));
        apply(Commands.create("/p/child", 0));
        List<Request> reads = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            reads.add(
                    i % 2 == 0
                            ? new GetDataRequest("/p", false)
                            : new GetChildrenRequest(OpCode.GET_CHILDREN, "/p", false));
        }
        MultiResponse stopped = (MultiResponse)
                state.multiRead(new MultiReadRequest(reads), NOBODY, 5_000).response();
        MultiResponse whole = (MultiResponse)
                state.multiRead(new MultiReadRequest(reads), NOBODY, 10_000_000).response();

        assertThat(whole.results()).hasSize(10_000);
        assertThat(stopped.results()).hasSizeBetween(20, 200);
        ByteBuf encoded = Unpooled.buffer();
        stopped.encode(new WireWriter(encoded));
        assertThat(encoded.readableBytes()).as("refused for its length").isGreaterThan(5_000);
    }

    @Test
    void insideAMultiTheFlagsOfACreateTtlDecide() {
        MultiResponse results = (MultiResponse) response(new MultiRequest(
                List.of(Commands.ttl("/p", 0, 7), Commands.ttl("/c", 4, -1), Commands.ttl("/t", 5, 7))));

        assertThat(results.results())
                .extracting(result -> ((MultiResponse.Done) result).op())
                .containsExactly(OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE2);
        assertThat(state.tree().get("/p").ttlMs()).isZero();
        assertThat(state.tree().get("/c").isContainer()).isTrue();
        assertThat(state.tree().get("/t").ttlMs()).isEqualTo(7);
        assertThat(response(new MultiRequest(List.of(Commands.ttl("/x", 99, 7)))))
                .isEqualTo(new MultiResponse(List.of(new MultiResponse.Failed(ErrorCode.BAD_ARGUMENTS.code()))));
    }

    @Test
    void onlyEmptiedContainersAreRemoved() {
        apply(Commands.container("/c"));
        apply(Commands.create("/plain", 0));
        assertThat(state.apply(reap(100, "/c")).changes()).isEmpty();
        apply(Commands.create("/c/x", 0));
        assertThat(state.apply(reap(100, "/c")).changes()).isEmpty();
        apply(delete("/c/x"));
        assertThat(state.apply(reap(100, "/plain")).changes()).isEmpty();
        assertThat(state.apply(reap(100, "/gone")).changes()).isEmpty();

        assertThat(state.apply(reap(100, "/c")).changes()).hasSize(1);
        assertThat(state.tree().get("/c")).isNull();
    }

    @Test
    void aZnodeIsRemovedOnceItsTimeToLiveIsOverByTheTimeOfTheCommand() {
        apply(Commands.ttl("/t", 5, 50));
        state.apply(write(120, session, setData("/t", -1)));

        assertThat(state.apply(reap(170, "/t")).changes()).isEmpty();
        state.apply(write(171, session, Commands.create("/t/child", 0)));
        assertThat(state.apply(reap(180, "/t")).answer().error()).isEqualTo(ErrorCode.NOT_EMPTY);
        apply(delete("/t/child"));
        Effects reaped = state.apply(reap(0, "/t"));
        assertThat(reaped.changes())
                .as("the state's time does not go back")
                .containsExactly(new TreeChange(
                        EventType.NODE_DELETED,
                        "/t",
                        state.tree().get("/").acl(),
                        state.tree().get("/").acl()));
        assertThat(reaped.zxid()).isEqualTo(state.lastZxid());
        assertThat(stat("/").pzxid()).isEqualTo(reaped.zxid());
    }

    @Test
    void aContainerThatWasNeverUsedIsRemovedOnlyWhenTheCommandAllowsIt() {
        apply(Commands.container("/c"));

        assertThat(state.apply(reap(1_000, "/c")).changes()).isEmpty();
        assertThat(state.apply(new Command.ReapZnode(1_000, "/c", 900)).changes())
                .isEmpty();
        assertThat(state.apply(new Command.ReapZnode(1_000, "/c", 899)).changes())
                .hasSize(1);
    }

    private static Command reap(long timeMs, String path) {
        return new Command.ReapZnode(timeMs, path, 0);
    }

    @Test
    void aDefectIsAnsweredAndLeavesNoTrace() {
        apply(Commands.create("/a", 0));
        long digest = state.digest();
        Request impossible = new MultiRequest(
                List.of(Commands.create("/a/b", 2), new io.coord.protocol.request.ExistsRequest("/a", false)));
        Effects effects = apply(impossible);

        assertThat(effects.defect()).isInstanceOf(IllegalArgumentException.class);
        assertThat(effects.answer().error()).isEqualTo(ErrorCode.SYSTEM_ERROR);
        assertThat(state.tree().get("/a").createCount()).isZero();
        assertThat(state.digest()).isNotEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSameCommandsMakeTheSameState(long seed) {
        CoordStateMachine one = new CoordStateMachine(11);
        CoordStateMachine two = new CoordStateMachine(22);
        for (Command each : Commands.random(seed, 3_000)) {
            Effects first = one.apply(each);
            Effects second = two.apply(each);
            assertThat(second.zxid()).isEqualTo(first.zxid());
            assertThat(second.answer().error()).isEqualTo(first.answer().error());
            assertThat(second.changes())
                    .extracting(change -> change.path())
                    .isEqualTo(first.changes().stream()
                            .map(change -> change.path())
                            .toList());
            assertThat(first.defect()).isNull();
        }
        assertThat(two.digest()).isEqualTo(one.digest());
    }
}
