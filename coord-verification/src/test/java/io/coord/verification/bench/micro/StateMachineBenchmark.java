package io.coord.verification.bench.micro;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Commands and reads on a tree of 100,000 znodes of 100 bytes, each time another one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StateMachineBenchmark {
    private static final int PARENTS = 100;
    private static final int CHILDREN = 1000;
    private static final int ZNODES = PARENTS * CHILDREN;
    private static final int STRIDE = 7919;
    private static final int TIMEOUT_MS = 30_000;
    private static final long TIME_MS = 1_000_000;
    private static final byte[] VALUE = new byte[100];
    private static final List<Id> NOBODY = List.of();

    private final CoordStateMachine state = new CoordStateMachine(42);
    private final String[] paths = new String[ZNODES];
    private long session;
    private int next;

    @Setup
    public void fill() {
        Effects opened = state.apply(new Command.CreateSession(TIME_MS, TIMEOUT_MS, new byte[16]));
        session = opened.opened().id();
        for (int parent = 0; parent < PARENTS; parent++) {
            String path = "/parent-" + parent;
            mustSucceed(create(path));
            for (int child = 0; child < CHILDREN; child++) {
                paths[parent * CHILDREN + child] = path + "/child-" + child;
                mustSucceed(create(path + "/child-" + child));
            }
        }
    }

    private static void mustSucceed(Effects effects) {
        if (!effects.answer().isOk()) {
            throw new IllegalStateException(effects.answer().error().toString());
        }
    }

    private Effects apply(Request request) {
        return state.apply(new Command.Write(TIME_MS, session, 1, NOBODY, request));
    }

    private Effects create(String path) {
        return apply(new CreateRequest(OpCode.CREATE, path, VALUE, Acl.OPEN, 0));
    }

    private String nextPath() {
        next = (next + STRIDE) % ZNODES;
        return paths[next];
    }

    @Benchmark
    public Answer getData() {
        return state.getData(nextPath(), NOBODY);
    }

    @Benchmark
    public Answer getChildrenOf1000() {
        return state.getChildren(new GetChildrenRequest(OpCode.GET_CHILDREN, "/parent-0", false), NOBODY);
    }

    @Benchmark
    public Effects setData100Bytes() {
        return apply(new SetDataRequest(nextPath(), VALUE, -1));
    }

    @Benchmark
    public Effects createAndDelete100Bytes() {
        create("/parent-0/new");
        return apply(new DeleteRequest("/parent-0/new", -1));
    }
}
