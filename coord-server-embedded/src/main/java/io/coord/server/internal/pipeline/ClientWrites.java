package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.SyncResponse;
import io.coord.server.internal.metrics.Counter;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.Effects;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients want changed, from the request to the commit, the refusal, or the news that nobody knows. */
final class ClientWrites {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWrites.class);

    private final Clock clock;
    private final RequestRules rules;
    private final Submissions submissions;
    private final AttachedSessions sessions;
    private final LongResponses longResponses;
    private final Backpressure backpressure;
    private final AnswersInTurn answers;
    private final RequestMetrics requestMetrics;
    private final Counter refused;
    private final AuditTrail audit;
    /** By the number of the change that their clients have asked for, and that is under way. */
    private final Map<Long, ReconfigWrite> reconfigs = new HashMap<>();

    /** @param refused how often the log took nothing */
    ClientWrites(
            Clock clock,
            RequestRules rules,
            Submissions submissions,
            AttachedSessions sessions,
            LongResponses longResponses,
            Backpressure backpressure,
            AnswersInTurn answers,
            RequestMetrics requestMetrics,
            Counter refused,
            AuditTrail audit) {
        this.clock = clock;
        this.rules = rules;
        this.submissions = submissions;
        this.sessions = sessions;
        this.longResponses = longResponses;
        this.backpressure = backpressure;
        this.answers = answers;
        this.requestMetrics = requestMetrics;
        this.refused = refused;
        this.audit = audit;
    }

    void submit(ClientConnection connection, int xid, Request request, int frameBytes) {
        Session session = sessionOf(connection);
        int most = connection.outbound.maxResponseBytes();
        if (LongResponses.mayExceed(request, frameBytes, most)) {
            longResponses.onRefused(connection, request, LongResponses.mostBytesOf(request), most);
            answers.refuse(connection, xid, ErrorCode.MARSHALLING_ERROR, false);
            return;
        }
        List<Id> ids = connection.identities.told();
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, request.op(), requestMetrics.seenMs());
        answers.enqueue(connection, queued);
        submissions.submit(
                new Command.Write(
                        clock.wallMs(), session.id(), session.attachment(), connection.ids(), rules.writes(), request),
                new ClientWrite(connection, queued) {
                    @Override
                    void onAnswer(Answer answer) {
                        audit.onWrite(session, ids, request, answer);
                    }

                    @Override
                    void onUnknownFate() {
                        audit.onUnknownWrite(session, ids, request);
                        sessions.onUnknownWrite(session, request);
                    }
                });
        backpressure.pauseAtLimit(connection);
    }

    /** The client ends its session. */
    void submitClose(ClientConnection connection, int xid, int frameBytes) {
        Session session = sessionOf(connection);
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, OpCode.CLOSE_SESSION, requestMetrics.seenMs());
        queued.closeAfter = true;
        answers.enqueue(connection, queued);
        connection.outbound.setReading(false);
        submissions.submit(
                new Command.CloseSession(clock.wallMs(), session.id(), session.attachment(), false),
                new ClientWrite(connection, queued) {
                    @Override
                    void onAnswer(Answer answer) {
                        // Its ephemerals are noted when they go.
                    }

                    @Override
                    void onUnknownFate() {
                        sessions.onUnknownEnd(session);
                    }
                });
    }

    /** What other servers have committed by now is applied here, too, when it comes back. */
    void submitBarrier(ClientConnection connection, int xid, SyncRequest request, int frameBytes) {
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, OpCode.SYNC, requestMetrics.seenMs());
        answers.enqueue(connection, queued);
        submissions.submit(new Command.Barrier(clock.wallMs()), new ClientWrite(connection, queued) {
            @Override
            public void onApplied(Effects effects) {
                super.onApplied(effects.answeredWith(new SyncResponse(request.path())));
            }

            @Override
            void onAnswer(Answer answer) {
                // It changes nothing.
            }

            @Override
            void onUnknownFate() {
                // It has changed nothing in any case.
            }
        });
        backpressure.pauseAtLimit(connection);
    }

    /** The members are to be others: answered when the change has ended, which other servers carry out. */
    void submitReconfig(ClientConnection connection, int xid, ReconfigRequest request, int frameBytes) {
        Session session = sessionOf(connection);
        QueuedRequest queued = QueuedRequest.write(xid, frameBytes, OpCode.RECONFIG, requestMetrics.seenMs());
        answers.enqueue(connection, queued);
        submissions.submit(
                new Command.Reconfig(
                        clock.wallMs(),
                        session.id(),
                        session.attachment(),
                        connection.ids(),
                        rules.leastVoters(),
                        request),
                new ReconfigWrite(connection, queued, session, request));
        backpressure.pauseAtLimit(connection);
    }

    /** A change of the members has ended; its client may be another server's. */
    void onReconfig(Effects effects, Effects.Reconfig reconfig) {
        @Nullable ReconfigWrite waiting = reconfig.ended() ? reconfigs.remove(reconfig.id()) : null;
        if (waiting != null) {
            waiting.onApplied(effects);
        }
    }

    /** This server knows of no leader, and so will not hear of their ends for a while. */
    void onLooking() {
        List<ReconfigWrite> waiting = List.copyOf(reconfigs.values());
        reconfigs.clear();
        waiting.forEach(each -> each.onUnknown("the change of the members goes on without this server"));
    }

    private static Session sessionOf(ClientConnection connection) {
        Session session = connection.session;
        if (session == null) {
            throw new IllegalStateException("a request before its session");
        }
        return session;
    }

    /** A write of a client, or the end of its session. */
    private abstract class ClientWrite implements Submission {
        private final ClientConnection connection;
        private final QueuedRequest queued;

        ClientWrite(ClientConnection connection, QueuedRequest queued) {
            this.connection = connection;
            this.queued = queued;
        }

        @Override
        public void onApplied(Effects effects) {
            onAnswer(effects.answer());
            connection.queue.onSettled(queued);
            if (connection.isOver()) {
                return;
            }
            if (effects.answer().error() == ErrorCode.SESSION_MOVED) {
                // The client is elsewhere by now; an answer here would only confuse it (ZOOKEEPER-710).
                connection.outbound.close();
                return;
            }
            queued.answer = effects.answer();
            queued.zxid = effects.zxid();
            answers.answerReady(connection);
        }

        @Override
        public void onRefused(String reason) {
            connection.queue.onSettled(queued);
            refused.increment();
            LOG.debug("A request of {} was refused: {}", connection, reason);
            queued.answer = Answer.refusal(ErrorCode.THROTTLED_OP);
            onAnswer(queued.answer);
            boolean wasClosing = queued.closeAfter;
            queued.closeAfter = false;
            answers.answerReady(connection);
            if (wasClosing && !connection.paused && !connection.isOver()) {
                // The session goes on, so its requests count again.
                connection.outbound.setReading(true);
            }
        }

        @Override
        public void onUnknown(String reason) {
            connection.queue.onSettled(queued);
            onUnknownFate();
            connection.outbound.close();
        }

        /** It has taken effect, or surely never will; told whether or not the client still is. */
        abstract void onAnswer(Answer answer);

        abstract void onUnknownFate();
    }

    /** A change of the members that a client has asked for. */
    private final class ReconfigWrite extends ClientWrite {
        private final Session session;
        private final ReconfigRequest request;
        private final List<Id> ids;

        ReconfigWrite(ClientConnection connection, QueuedRequest queued, Session session, ReconfigRequest request) {
            super(connection, queued);
            this.session = session;
            this.request = request;
            this.ids = connection.identities.told();
        }

        @Override
        public void onApplied(Effects effects) {
            Effects.@Nullable Reconfig reconfig = effects.reconfig();
            if (reconfig != null && !reconfig.ended()) {
                reconfigs.put(reconfig.id(), this);
            } else {
                super.onApplied(effects);
            }
        }

        @Override
        void onAnswer(Answer answer) {
            audit.onWrite(session, ids, request, answer);
        }

        @Override
        void onUnknownFate() {
            audit.onUnknownWrite(session, ids, request);
            sessions.onUnknownWrite(session, request);
        }
    }
}
