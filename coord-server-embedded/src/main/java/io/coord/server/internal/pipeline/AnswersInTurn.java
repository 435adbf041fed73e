package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.Request;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.CoordStateMachine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies in the order in which the requests of a connection came: what has no answer yet holds back those behind it, and reads
 * among them are done when their turn has come.
 */
final class AnswersInTurn {
    private static final Logger LOG = LoggerFactory.getLogger(AnswersInTurn.class);

    private final CoordStateMachine state;
    private final LocalRequests localRequests;
    private final LongResponses longResponses;
    private final Backpressure backpressure;
    private final RequestMetrics requestMetrics;

    AnswersInTurn(
            CoordStateMachine state,
            LocalRequests localRequests,
            LongResponses longResponses,
            Backpressure backpressure,
            RequestMetrics requestMetrics) {
        this.state = state;
        this.localRequests = localRequests;
        this.longResponses = longResponses;
        this.backpressure = backpressure;
        this.requestMetrics = requestMetrics;
    }

    /** Answers a ping, which has no turn. */
    void onPing(ClientConnection connection, int xid, Request ping) {
        reply(connection, xid, state.lastZxid(), Answer.DONE, ping);
        onAnswered(connection, ping.op(), xid, requestMetrics.seenMs(), false);
    }

    /** Answers at once unless there is something before it. */
    void onRead(ClientConnection connection, int xid, Request request, int frameBytes) {
        if (connection.queue.isEmpty()) {
            read(connection, xid, request, requestMetrics.seenMs());
        } else {
            answer(connection, QueuedRequest.read(xid, frameBytes, request, requestMetrics.seenMs()));
        }
    }

    /** @param closeAfter whether the connection ends with this answer */
    void refuse(ClientConnection connection, int xid, ErrorCode error, boolean closeAfter) {
        Answer refusal = Answer.refusal(error);
        answer(connection, QueuedRequest.answered(xid, refusal, closeAfter, requestMetrics.seenMs()));
    }

    /** A read changes nothing that others see. So when it fails, even for want of memory, it ends its own connection only. */
    private void read(ClientConnection connection, int xid, Request request, long arrivedMs) {
        Answer answer;
        try {
            answer = localRequests.answer(connection, request);
        } catch (RuntimeException | OutOfMemoryError e) {
            connection.cut();
            LOG.error("{} is closed: a {} of it failed", connection, request.op(), e);
            return;
        }
        reply(connection, xid, state.lastZxid(), answer, request);
        requestMetrics.onRead(request, answer.response());
        onAnswered(connection, request.op(), xid, arrivedMs, false);
    }

    private void onAnswered(ClientConnection connection, OpCode op, int xid, long arrivedMs, boolean isUpdate) {
        requestMetrics.onAnswered(connection, op, xid, state.lastZxid(), arrivedMs, isUpdate);
    }

    private void answer(ClientConnection connection, QueuedRequest queued) {
        enqueue(connection, queued);
        answerReady(connection);
    }

    /** Its answer comes later, in its turn. */
    void enqueue(ClientConnection connection, QueuedRequest queued) {
        connection.queue.add(queued);
        backpressure.pauseAtLimit(connection);
    }

    /** Answers from the front of the queue for as long as there is an answer, or a read that may be done now. */
    void answerReady(ClientConnection connection) {
        connection.repliesWait = false;
        while (!connection.isOver()) {
            QueuedRequest queued = connection.queue.peek();
            if (queued == null || !queued.isReady()) {
                break;
            }
            Request read = queued.read;
            if (read != null && connection.outbound.isFull()) {
                connection.repliesWait = true;
                break;
            }
            connection.queue.remove();
            Answer answer = queued.answer;
            if (read != null) {
                read(connection, queued.xid, read, queued.arrivedMs);
            } else if (answer != null) {
                reply(connection, queued.xid, zxidFor(connection, queued), answer, null);
                if (queued.op != null) {
                    onAnswered(connection, queued.op, queued.xid, queued.arrivedMs, true);
                }
            }
            if (queued.closeAfter) {
                connection.endAfterReplies();
            }
        }
        backpressure.resumeBelowLimit(connection);
    }

    private long zxidFor(ClientConnection connection, QueuedRequest queued) {
        return queued.zxid == 0 ? state.lastZxid() : Math.max(queued.zxid, connection.lastZxidSent);
    }

    /** @param read what is answered; null when it is a write, whose response was seen to be short enough beforehand */
    private void reply(ClientConnection connection, int xid, long zxid, Answer answer, @Nullable Request read) {
        connection.lastZxidSent = zxid;
        long tooLong = connection.outbound.reply(xid, zxid, answer.error(), answer.response());
        if (tooLong == 0) {
            return;
        }
        if (read == null) {
            connection.cut();
            LOG.error("{} is closed: the response to its write has {} bytes, more than foreseen", connection, tooLong);
            return;
        }
        // A watch that the read has armed stays armed: another read may have armed it, too.
        longResponses.onRefused(connection, read, tooLong, connection.outbound.maxResponseBytes());
        connection.outbound.reply(xid, zxid, ErrorCode.MARSHALLING_ERROR, null);
    }
}
