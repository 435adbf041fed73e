package io.coord.verification.simulation;

import io.coord.client.error.CoordException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.SessionCore;
import io.coord.client.internal.session.SessionPort;
import io.coord.client.internal.session.SessionSettings;
import io.coord.client.internal.watch.PathMapping;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchRegistry;
import io.coord.client.internal.watch.WatchTarget;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.ServerAddress;
import io.coord.client.watch.Watcher;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import io.coord.verification.simulation.invariant.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's core in one simulated process: what {@code SessionLoop} does with a thread. */
final class SimulatedClient implements SessionPort {
    private static final int MAX_REQUEST_BYTES = 0xfffff;
    private static final long OVERDUE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final int id;
    private final SimulatedProcess process;
    private final SimulatedCluster cluster;
    private final SessionCore core;
    private final WatchRegistry watches = new WatchRegistry();
    private final List<Consumer<SessionEvent>> listeners = new ArrayList<>();
    private final Serial serial = new Serial();
    private final ClientChannel channel;
    private EventQueue.@Nullable Event timer;
    private long timerNs;
    private SessionState state = SessionState.CONNECTING;
    private long sessionId;
    private long leaseEndNs;
    private boolean over;
    private boolean closing;
    private int outstanding;
    private int names;
    /** Requests whose calls have failed already; an answer to one arms no watch of this client. */
    private final Set<Request> abandoned = Collections.newSetFromMap(new IdentityHashMap<>());

    SimulatedClient(int id, SimulatedProcess process, SimulatedCluster cluster, Random random, int timeoutMs) {
        this.id = id;
        this.process = process;
        this.cluster = cluster;
        List<ServerAddress> servers = new ArrayList<>();
        for (int i = 0; i < cluster.servers().size(); i++) {
            servers.add(new ServerAddress("s" + i, 2181));
        }
        SessionSettings settings = new SessionSettings(
                servers,
                timeoutMs,
                TimeUnit.MILLISECONDS.toNanos(800),
                TimeUnit.SECONDS.toNanos(3),
                List.of(),
                new ReconnectBackoff(Duration.ofMillis(50), Duration.ofMillis(500), 0.5),
                200);
        process.start();
        this.channel = new ClientChannel(this, cluster);
        this.core = new SessionCore(settings, this, watches, random, process.nanoTime());
    }

    int id() {
        return id;
    }

    /** Unlike any other, and the same in each run. */
    String uniqueName() {
        return id + ".n" + names++;
    }

    SimulatedProcess process() {
        return process;
    }

    SessionCore core() {
        return core;
    }

    /** Whether the call that a request belongs to has not failed meanwhile; asked once, when the answer comes. */
    boolean isAwaited(Request request) {
        return !abandoned.remove(request);
    }

    SessionState state() {
        return state;
    }

    /** 0 without one. */
    long sessionId() {
        return sessionId;
    }

    boolean isLeaseAlive() {
        return sessionId != 0 && process.isRunning() && process.nanoTime() - leaseEndNs < 0;
    }

    /** That in which its znodes live on; none as soon as it is being closed. */
    long lastingSession() {
        return closing ? 0 : sessionId;
    }

    boolean isOver() {
        return over;
    }

    /** Whether it is being closed, or is over. */
    boolean isClosing() {
        return closing || over;
    }

    boolean isIdle() {
        return outstanding == 0;
    }

    void start() {
        core.start(process.nanoTime());
        endTurn();
    }

    void close() {
        closing = true;
        core.close(process.nanoTime());
        endTurn();
    }

    void crash() {
        over = true;
        process.crash();
        cluster.invariants().onClientGone(id);
    }

    void addListener(Consumer<SessionEvent> listener) {
        listeners.add(listener);
    }

    void removeListener(Consumer<SessionEvent> listener) {
        listeners.remove(listener);
    }

    /** Runs in a turn of its own, in order: the queue of a recipe. */
    void later(Runnable task) {
        process.in(0, () -> {
            task.run();
            endTurn();
        });
    }

    private final class Serial implements SerialExecutor {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            later(task);
        }
    }

    /** The queue of a recipe. */
    SerialExecutor serialExecutor() {
        return serial;
    }

    WatchArming watch(WatchKind kind, String path, Watcher watcher) {
        return new WatchArming(kind, path, new WatchTarget(watcher, serial, PathMapping.NONE));
    }

    /** @param request unlike any other in its bytes, if it is a write that is not to be repeated */
    void call(
            Request request, Repeat repeat, long timeoutMs, @Nullable WatchArming arming, Consumer<CallOutcome> done) {
        call(new Operation(id, request, repeat == Repeat.WRITE), repeat, timeoutMs, arming, done);
    }

    /** A write that is not to be repeated, of which the log cannot tell whose it is, because others send the same bytes. */
    void callAsOthersDo(Request request, long timeoutMs, Consumer<CallOutcome> done) {
        call(new Operation(id, request, false), Repeat.WRITE, timeoutMs, null, done);
    }

    private void call(
            Operation operation,
            Repeat repeat,
            long timeoutMs,
            @Nullable WatchArming arming,
            Consumer<CallOutcome> done) {
        cluster.stats().operations++;
        cluster.invariants().onInvoked(operation);
        SimulatedCall call = new SimulatedCall(operation, repeat, timeoutMs, done);
        call.arming(arming);
        outstanding++;
        process.inOwnTime(TimeUnit.MILLISECONDS.toNanos(timeoutMs) + OVERDUE_NS, () -> {
            if (operation.outcome == Operation.Outcome.PENDING && !over) {
                cluster.invariants().onOverdue(operation);
            }
        });
        core.submit(process.nanoTime(), call);
    }

    /**
     * What came of a call.
     *
     * @param failure null when it was answered
     */
    record CallOutcome(Operation operation, @Nullable CoordException failure) {
        boolean isOk() {
            return operation.outcome == Operation.Outcome.OK;
        }

        Response response() {
            Response response = operation.response;
            if (response == null) {
                throw new IllegalStateException("no response: " + operation);
            }
            return response;
        }
    }

    private final class SimulatedCall extends Call {
        private final Operation operation;
        private final Consumer<CallOutcome> done;
        private boolean completed;

        SimulatedCall(Operation operation, Repeat repeat, long timeoutMs, Consumer<CallOutcome> done) {
            super(
                    operation.request.op().name(),
                    "",
                    operation.request,
                    repeat,
                    process.nanoTime(),
                    process.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs));
            this.operation = operation;
            this.done = done;
        }

        @Override
        protected void onResponse(Response response, long zxid) {
            operation.response = response;
            complete(Operation.Outcome.OK, null);
        }

        @Override
        protected void onError(int code) {
            operation.error = code;
            super.onError(code);
        }

        @Override
        protected void onFailure(CoordException failure) {
            if (operation.error != 0) {
                complete(Operation.Outcome.REFUSED, failure);
            } else {
                complete(
                        failure instanceof OutcomeUnknown ? Operation.Outcome.UNKNOWN : Operation.Outcome.NOT_DONE,
                        failure);
            }
        }

        private void complete(Operation.Outcome outcome, @Nullable CoordException failure) {
            if (completed) {
                cluster.invariants().onStuck(operation + " has a second outcome: " + outcome);
                return;
            }
            completed = true;
            outstanding--;
            operation.outcome = outcome;
            if (outcome == Operation.Outcome.UNKNOWN || outcome == Operation.Outcome.NOT_DONE) {
                abandoned.add(operation.request);
            }
            switch (outcome) {
                case OK, REFUSED -> cluster.stats().operationsOk++;
                case UNKNOWN -> cluster.stats().operationsUnknown++;
                case NOT_DONE, PENDING -> {}
            }
            cluster.invariants().onCompleted(operation);
            CallOutcome told = new CallOutcome(operation, failure);
            later(() -> done.accept(told));
        }
    }

    /** Sends what waits and sets the clock. */
    void endTurn() {
        if (over || !process.isAlive()) {
            return;
        }
        core.endTurn(process.nanoTime());
        channel.flush();
        long wake = core.nextWakeUpNs();
        if (wake == SessionCore.NEVER || (timer != null && timerNs - wake <= 0)) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerNs = wake;
        timer = process.inOwnTime(Math.max(0, wake - process.nanoTime()), () -> {
            timer = null;
            core.onTick(process.nanoTime());
            endTurn();
        });
    }

    void trace(String what) {
        cluster.trace().add(process.name() + ' ' + what);
    }

    // ---- What the core wants

    @Override
    public String describe(ServerAddress server) {
        return server.host();
    }

    @Override
    public void connect(int connection, ServerAddress server, long timeoutNs) {
        channel.connect(connection, Integer.parseInt(server.host().substring(1)));
    }

    @Override
    public void disconnect() {
        channel.disconnect();
    }

    @Override
    public void sendConnect(ConnectRequest request) {
        channel.sendConnect(request);
    }

    @Override
    public int send(int xid, Request request) {
        channel.send(xid, request);
        return 1;
    }

    @Override
    public int maxRequestBytes() {
        return MAX_REQUEST_BYTES;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void onLeaseStarted(long session, long generation, long endNs) {
        sessionId = session;
        leaseEndNs = endNs;
    }

    @Override
    public void onLeaseRenewed(long endNs) {
        leaseEndNs = endNs;
    }

    @Override
    public void onLeaseEnded() {
        sessionId = 0;
    }

    @Override
    public void onStateChanged(SessionState before, SessionState after, SessionEvent event, String reason) {
        state = after;
        trace("is " + after + ": " + reason);
        if (event.type() == SessionEvent.Type.RECONNECTED) {
            cluster.stats().reconnects++;
        }
        for (Consumer<SessionEvent> each : List.copyOf(listeners)) {
            later(() -> each.accept(event));
        }
    }

    @Override
    public void onAttemptFailed(ServerAddress server, String reason, int failedRounds) {
        cluster.stats().failedAttempts++;
    }

    @Override
    public void onCallCompleted(Call call, ClientMetrics.Outcome outcome, long nowNs) {}

    @Override
    public void onCallThrew(Call call, RuntimeException bug) {
        throw new IllegalStateException("handling an answer to " + call, bug);
    }

    @Override
    public void onWarning(String message) {
        trace("warns: " + message);
    }

    @Override
    public void onClosed() {
        over = true;
        trace("is closed");
        cluster.invariants().onClientGone(id);
    }
}
