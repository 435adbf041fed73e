package io.coord.verification.simulation.invariant;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.response.Response;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.state.CoordStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** G7 and G8. */
final class AcknowledgedWritesHappened extends Invariant {
    private final History history;
    private long acknowledgedZxid;

    AcknowledgedWritesHappened(History history) {
        super(
                "an acknowledged write is in the log, once, with the result that was told; a refused one has changed nothing");
        this.history = history;
    }

    @Override
    protected void onApplied(Commit commit) {
        if (commit.command() instanceof Command.Write write) {
            List<History.Write> same = history.writesOf(write.request());
            if (same.size() > 1 && isSentOnce(write)) {
                throw violation(write.request().op() + " was applied at "
                        + same.get(0).position() + " and again at " + commit.position());
            }
        }
    }

    /** Deletes may be repeated by clients that can tell; everything else of the workload is sent once. */
    private static boolean isSentOnce(Command.Write write) {
        return switch (write.request().op()) {
            case CREATE, CREATE2, SET_DATA, MULTI -> true;
            default -> false;
        };
    }

    @Override
    protected void onCompleted(Operation operation) {
        if (!operation.once) {
            return;
        }
        List<History.Write> applied = history.writesOf(operation.request);
        switch (operation.outcome) {
            case OK -> {
                require(!applied.isEmpty(), "%s is in no server's log", operation);
                History.Write write = applied.get(0);
                Response expected = write.effects().answer().response();
                require(
                        expected != null && same(expected, operation.response),
                        "%s was answered with %s, the log says %s",
                        operation,
                        operation.response,
                        expected);
                acknowledgedZxid = Math.max(acknowledgedZxid, write.zxid());
            }
            case REFUSED -> {
                if (applied.isEmpty()) {
                    require(
                            operation.error == ErrorCode.THROTTLED_OP.code()
                                    || operation.error == ErrorCode.SESSION_EXPIRED.code(),
                            "%s was answered with error %d and is in no server's log",
                            operation,
                            operation.error);
                } else {
                    int error = applied.get(0).effects().answer().error().code();
                    require(
                            error == operation.error,
                            "%s was answered with error %d, the log says %d",
                            operation,
                            operation.error,
                            error);
                }
            }
            case NOT_DONE -> require(applied.isEmpty(), "%s, but it is at %s", operation, applied);
            case UNKNOWN, PENDING -> {}
        }
    }

    private static boolean same(Response expected, @Nullable Response told) {
        return told != null && ByteBufUtil.equals(encoded(expected), encoded(told));
    }

    private static ByteBuf encoded(Response response) {
        ByteBuf out = Unpooled.buffer(64);
        response.encode(new WireWriter(out));
        return out;
    }

    @Override
    protected void onRecovered(int server, CoordStateMachine state) {
        require(
                state.lastZxid() >= acknowledgedZxid,
                "server %d came back with zxid 0x%x, but 0x%x was acknowledged",
                server,
                state.lastZxid(),
                acknowledgedZxid);
    }
}
