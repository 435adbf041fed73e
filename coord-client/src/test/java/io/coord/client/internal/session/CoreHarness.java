package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
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
import io.coord.protocol.Xid;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.EmptyResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import io.coord.protocol.response.WatcherEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link SessionCore} with time by hand, whose wishes are written down instead of carried out. */
final class CoreHarness implements SessionPort {
    static final Stat STAT = new Stat(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    static final long SESSION = 0x77;
    static final int TIMEOUT_MS = 9_000;

    final List<String> done = new ArrayList<>();
    final List<Request> sent = new ArrayList<>();
    final WatchRegistry watches = new WatchRegistry();
    final SessionCore core;
    long now = Long.MAX_VALUE - TimeUnit.HOURS.toNanos(1);
    int connection;
    boolean writable = true;
    int requestBytes = 100;
    long leaseEndNs;
    boolean leaseEnded;
    /** The path of a request that throws when it is encoded. */
    @Nullable
    String unencodable;

    @Nullable
    ConnectRequest hello;

    int lastXid;

    CoreHarness() {
        this(1, List.of());
    }

    CoreHarness(int servers, List<AuthPacket> credentials) {
        this(servers, credentials, 7);
    }

    CoreHarness(int servers, List<AuthPacket> credentials, long seed) {
        this(servers, credentials, seed, false, null);
    }

    private CoreHarness(
            int servers,
            List<AuthPacket> credentials,
            long seed,
            boolean canBeReadOnly,
            SaslConversation.@Nullable Factory sasl) {
        List<ServerAddress> addresses = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            addresses.add(new ServerAddress("s" + i, 2181));
        }
        SessionSettings settings = new SessionSettings(
                addresses,
                TIMEOUT_MS,
                TimeUnit.SECONDS.toNanos(1),
                TimeUnit.SECONDS.toNanos(5),
                credentials,
                ReconnectBackoff.DEFAULT,
                1_000,
                SessionSettings.MAX_RESPONSE_BYTES,
                canBeReadOnly,
                sasl);
        this.core = new SessionCore(settings, this, watches, new Random(seed), now);
    }

    static CoreHarness thatMayBeReadOnly(int servers) {
        return new CoreHarness(servers, List.of(), 7, true, null);
    }

    static CoreHarness withSasl(List<AuthPacket> credentials, SaslConversation.Factory sasl) {
        return new CoreHarness(1, credentials, 7, false, sasl);
    }

    /** What was done since the last question. */
    List<String> done() {
        List<String> answer = List.copyOf(done);
        done.clear();
        return answer;
    }

    /** What was done since the last question, of one kind. */
    List<String> done(String kind) {
        return done().stream().filter(each -> each.startsWith(kind)).toList();
    }

    void advanceMs(long ms) {
        now += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** Lets time pass up to a moment, with every tick that is asked for on the way. */
    void runMs(long ms) {
        long end = now + TimeUnit.MILLISECONDS.toNanos(ms);
        while (true) {
            long wake = core.nextWakeUpNs();
            if (wake == SessionCore.NEVER || wake - end > 0) {
                now = end;
                return;
            }
            now = Math.max(now - end, wake - end) + end;
            core.onTick(now);
            core.endTurn(now);
        }
    }

    /** Starts, and connects with a new session. */
    CoreHarness connected() {
        core.start(now);
        accept(SESSION);
        done();
        sent.clear();
        return this;
    }

    void accept(long session) {
        core.onConnected(now, connection);
        core.onConnectResponse(now, connection, new ConnectResponse(0, TIMEOUT_MS, session, new byte[16], false));
        core.endTurn(now);
    }

    /** As a server that has lost its ensemble. */
    void acceptReadOnly() {
        core.onConnected(now, connection);
        core.onConnectResponse(now, connection, new ConnectResponse(0, TIMEOUT_MS, 0x99, new byte[16], true));
        core.endTurn(now);
    }

    void refuseSession() {
        core.onConnected(now, connection);
        core.onConnectResponse(now, connection, new ConnectResponse(0, 0, 0, new byte[16], false));
        core.endTurn(now);
    }

    void breakConnection() {
        core.onConnectionClosed(now, connection, "cut");
        core.endTurn(now);
    }

    RecordedCall submit(RecordedCall call) {
        core.submit(now, call);
        core.endTurn(now);
        return call;
    }

    RecordedCall read(String path) {
        return submit(new RecordedCall(path, new GetDataRequest(path, false), Repeat.READ, 5_000));
    }

    RecordedCall write(String path) {
        return submit(new RecordedCall(path, new SetDataRequest(path, new byte[0], -1), Repeat.WRITE, 5_000));
    }

    RecordedCall idempotentWrite(String path) {
        return submit(new RecordedCall(path, new SetDataRequest(path, new byte[0], -1), Repeat.IDEMPOTENT, 5_000));
    }

    void answerData(int xid, long zxid) {
        core.onReply(now, connection, xid, zxid, 0, new GetDataResponse(new byte[0], STAT));
        core.endTurn(now);
    }

    void answerStat(int xid, long zxid) {
        core.onReply(now, connection, xid, zxid, 0, new StatResponse(STAT));
        core.endTurn(now);
    }

    void answerError(int xid, int error) {
        core.onReply(now, connection, xid, 5, error, null);
        core.endTurn(now);
    }

    void answerSetWatches(long zxid, int error) {
        core.onReply(now, connection, Xid.SET_WATCHES, zxid, error, error == 0 ? EmptyResponse.INSTANCE : null);
        core.endTurn(now);
    }

    void pong() {
        core.onReply(now, connection, Xid.PING, 5, 0, EmptyResponse.INSTANCE);
        core.endTurn(now);
    }

    void event(int type, String path) {
        core.onEvent(now, connection, -1, new WatcherEvent(type, 3, path));
        core.endTurn(now);
    }

    /** A watched exists on a node that is there. */
    void watch(String path, Watcher watcher) {
        RecordedCall call = new RecordedCall(path, new ExistsRequest(path, true), Repeat.READ, 5_000);
        call.arming(new WatchArming(WatchKind.DATA, path, new WatchTarget(watcher, new Inline(), PathMapping.NONE)));
        submit(call);
        answerStat(lastXid, 10);
    }

    /** Runs tasks where they are submitted. */
    static final class Inline implements SerialExecutor {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    /** A call that notes its outcome. */
    final class RecordedCall extends Call {
        @Nullable
        Response response;

        @Nullable
        CoordException failure;

        boolean wanted = true;
        int outcomes;
        Runnable then = () -> {};

        RecordedCall(String path, Request request, Repeat repeat, long timeoutMs) {
            super("op", path, request, repeat, now, now + TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        }

        @Override
        protected boolean beforeWrite() {
            return wanted;
        }

        @Override
        protected void onResponse(Response answer, long zxid) {
            response = answer;
            outcomes++;
            then.run();
        }

        @Override
        protected void onFailure(CoordException reason) {
            failure = reason;
            outcomes++;
        }

        boolean isPending() {
            return outcomes == 0;
        }
    }

    // ---- What the core wants ----

    @Override
    public String describe(ServerAddress server) {
        return server.toString();
    }

    @Override
    public void connect(int number, ServerAddress server, long timeoutNs) {
        connection = number;
        done.add("connect " + server.host());
    }

    @Override
    public void askWhetherWritable(ServerAddress server, long timeoutNs) {
        done.add("ask " + server.host());
    }

    @Override
    public void disconnect() {
        done.add("disconnect");
    }

    @Override
    public void sendConnect(ConnectRequest request) {
        hello = request;
        done.add("hello 0x" + Long.toHexString(request.sessionId()) + " zxid " + request.lastZxidSeen());
    }

    @Override
    public int send(int xid, Request request) {
        if (requestBytes > maxRequestBytes()) {
            return requestBytes;
        }
        if (request instanceof SetDataRequest set && set.path().equals(unencodable)) {
            throw new NullPointerException("data");
        }
        sent.add(request);
        lastXid = xid;
        String path = request instanceof GetDataRequest get
                ? " " + get.path()
                : request instanceof SetDataRequest set ? " " + set.path() : "";
        String zxid = request instanceof SetWatchesRequest set ? " zxid " + set.relativeZxid() : "";
        done.add("send " + xid + " " + request.op() + path + zxid);
        return requestBytes;
    }

    @Override
    public int maxRequestBytes() {
        return 1_000_000;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void onLeaseStarted(long sessionId, long generation, long endNs) {
        leaseEndNs = endNs;
        leaseEnded = false;
    }

    @Override
    public void onLeaseRenewed(long endNs) {
        leaseEndNs = endNs;
    }

    @Override
    public void onLeaseEnded() {
        leaseEnded = true;
    }

    @Override
    public void onStateChanged(SessionState before, SessionState after, SessionEvent event, String reason) {
        done.add("event " + event.type() + " generation " + event.generation() + " state " + after);
    }

    @Override
    public void onAttemptFailed(ServerAddress server, String reason, int failedRounds) {
        done.add("failed " + server.host() + " rounds " + failedRounds);
    }

    @Override
    public void onCallCompleted(Call call, ClientMetrics.Outcome outcome, long nowNs) {
        done.add("completed " + call.path + " " + outcome);
    }

    @Override
    public void onCallThrew(Call call, RuntimeException bug) {
        done.add("bug " + bug.getMessage());
    }

    @Override
    public void onWarning(String message) {
        done.add("warning " + message);
    }

    @Override
    public void onClosed() {
        done.add("closed");
    }
}
