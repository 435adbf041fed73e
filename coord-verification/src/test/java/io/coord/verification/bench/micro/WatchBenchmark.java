package io.coord.verification.bench.micro;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.watch.WatchListener;
import io.coord.server.internal.watch.WatchRegistry;
import io.coord.server.internal.watch.Watches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One change and the connections that watch it; time for each notification, up to the connection and without its bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WatchBenchmark {
    private static final int WATCHERS = 1000;
    private static final int TIMEOUT_MS = 30_000;
    private static final String PATH = "/feature";

    private final WatchRegistry persistent = new WatchRegistry();
    private final WatchRegistry oneShot = new WatchRegistry();
    private final WatchRegistry others = new WatchRegistry();
    private final List<Watches> oneShotOwners = new ArrayList<>();
    private final List<TreeChange> change = creation();
    private final Told told = new Told();
    private long zxid;

    private static List<TreeChange> creation() {
        CoordStateMachine state = new CoordStateMachine(42);
        long session = state.apply(new Command.CreateSession(1, TIMEOUT_MS, new byte[16]))
                .opened()
                .id();
        CreateRequest create = new CreateRequest(OpCode.CREATE, PATH, new byte[100], Acl.OPEN, 0);
        return state.apply(new Command.Write(1, session, 1, List.of(), create)).changes();
    }

    @Setup
    public void arm() {
        for (int i = 0; i < WATCHERS; i++) {
            persistent.watch(new Watches(told), PATH, AddWatchMode.PERSISTENT);
            Watches owner = new Watches(told);
            oneShotOwners.add(owner);
            oneShot.watchData(owner, PATH);
            others.watchData(new Watches(told), PATH + "-" + i);
        }
    }

    @Benchmark
    @OperationsPerInvocation(WATCHERS)
    public long persistentWatch() {
        persistent.onChanges(change, ++zxid);
        return told.count;
    }

    @Benchmark
    @OperationsPerInvocation(WATCHERS)
    public long oneShotWatchAndItsNextArming() {
        oneShot.onChanges(change, ++zxid);
        for (Watches each : oneShotOwners) {
            oneShot.watchData(each, PATH);
        }
        return told.count;
    }

    @Benchmark
    public long changeThatNobodyWatches() {
        others.onChanges(change, ++zxid);
        return told.count;
    }

    private static final class Told implements WatchListener {
        private long count;

        @Override
        public List<Id> ids() {
            return List.of();
        }

        @Override
        public void onWatchEvent(EventType type, String path, long zxid) {
            count++;
        }
    }
}
