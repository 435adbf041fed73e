package io.coord.server.internal.pipeline;

import io.coord.protocol.OpCode;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.Response;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.runtime.Clock;
import org.jspecify.annotations.Nullable;

/**
 * How long requests take, and what they move below which top-level znode; all of it as ZooKeeper counts it. A request's time
 * runs from when its frame was seen to when its answer is made, in whole milliseconds; an addauth has none.
 *
 * <p>To read a clock takes as long as a tenth of a read. So the clock is read when something begins (requests have come, a
 * batch is committed, a slow client takes again), after each request that may take long, and after a few of the others.
 */
final class RequestMetrics {
    /** What ZooKeeper counts for the stat that comes with what is read. */
    private static final int STAT_BYTES = 68;
    /** Requests of one path, a microsecond each, that share a reading of the clock. */
    private static final int SHORT_REQUESTS = 32;

    private final ServerMetrics metrics;
    private final Clock clock;
    /** When the request in hand was seen, or the answer in hand is made. Monotonic. */
    private long nowMs;
    /** Of the clock that stands in commands, when the batch in hand was committed. */
    private long committedMs;

    private boolean isInBatch;
    private int shortRequestsLeft;

    RequestMetrics(ServerMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.nowMs = clock.monotonicMs();
    }

    /** Something begins: requests of a connection have come, or it takes answers again. */
    void onTurn() {
        nowMs = clock.monotonicMs();
        shortRequestsLeft = SHORT_REQUESTS;
    }

    /** When the request in hand was seen. One that comes with others is seen when the one before it is done with. */
    long seenMs() {
        return nowMs;
    }

    /** @param op null for the connect request */
    void onAnswered(
            ClientConnection connection, @Nullable OpCode op, int xid, long zxid, long arrivedMs, boolean isUpdate) {
        shortRequestsLeft--;
        if (shortRequestsLeft < 0 || !isShort(op)) {
            onTurn();
        }
        long latency = nowMs - arrivedMs;
        metrics.requestLatency.add(latency);
        if (isUpdate) {
            metrics.updateLatency.add(latency);
        } else {
            metrics.readLatency.add(latency);
        }
        connection.statistics().onResponse(op, xid, zxid, arrivedMs, nowMs);
    }

    private static boolean isShort(@Nullable OpCode op) {
        return op == OpCode.GET_DATA
                || op == OpCode.SET_DATA
                || op == OpCode.CREATE
                || op == OpCode.CREATE2
                || op == OpCode.DELETE
                || op == OpCode.EXISTS
                || op == OpCode.PING;
    }

    void onRead(Request request, @Nullable Response response) {
        if (response == null) {
            return;
        }
        switch (request.op()) {
            case GET_DATA -> {
                byte @Nullable [] data = ((GetDataResponse) response).data();
                onRead(((GetDataRequest) request).path(), data == null ? 0 : data.length);
            }
            case GET_CHILDREN, GET_CHILDREN2 -> onRead(((GetChildrenRequest) request).path(), 0);
            case EXISTS -> onRead(((ExistsRequest) request).path(), 0);
            default -> {}
        }
    }

    private void onRead(String path, long bytes) {
        metrics.readPerNamespace.add(path, path.length() + bytes + STAT_BYTES);
    }

    /** A command was applied. */
    void onApplied(Command command, boolean succeeded) {
        if (!isInBatch) {
            isInBatch = true;
            committedMs = clock.wallMs();
            onTurn();
        }
        metrics.propagationLatency.add(committedMs - command.timeMs());
        if (succeeded && command instanceof Command.Write write) {
            onWritten(write.request());
        }
    }

    void onBatchEnd() {
        isInBatch = false;
    }

    private void onWritten(Request request) {
        if (request instanceof MultiRequest multi) {
            multi.ops().forEach(this::onWritten);
        } else if (request instanceof SetDataRequest set) {
            onWritten(set.path(), set.data());
        } else if (request instanceof CreateRequest create) {
            onWritten(create.path(), create.data());
        } else if (request instanceof CreateTtlRequest create) {
            onWritten(create.path(), create.data());
        } else if (request instanceof DeleteRequest delete) {
            onWritten(delete.path(), null);
        }
    }

    private void onWritten(String path, byte @Nullable [] data) {
        metrics.writePerNamespace.add(path, path.length() + (data == null ? 0L : data.length));
    }
}
