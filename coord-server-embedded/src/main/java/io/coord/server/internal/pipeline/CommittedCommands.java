package io.coord.server.internal.pipeline;

import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.quota.QuotaExcess;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.runtime.OwnerCheck;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.state.StateRestore;
import io.coord.server.internal.watch.WatchRegistry;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes back from the replicator: each command is applied, and then told to those it concerns. First the watchers, then
 * whoever submitted it, last the connection of a session that it ended: that order is a promise of the protocol.
 */
final class CommittedCommands implements ReplicatedState {
    /** Told about the replicator's life, and when a batch was delivered. */
    interface Listener {
        void onReady();

        void onLogFailed(Throwable cause);

        void onFailed(Throwable cause);

        void onBatchEnd();
    }

    private static final Logger LOG = LoggerFactory.getLogger(CommittedCommands.class);

    private final OwnerCheck owner = new OwnerCheck();
    private final CoordStateMachine state;
    private final WatchRegistry watches;
    private final Submissions submissions;
    private final Replicator replicator;
    private final ClientWrites writes;
    private final AttachedSessions sessions;
    private final LineLimit excesses;
    private final Listener listener;
    private final ServerMetrics metrics;
    private final RequestMetrics requestMetrics;
    private final AuditTrail audit;
    private @Nullable StateRestore restore;
    /** What is applied before is of the past. */
    private boolean isServing;

    private EnsembleMembers.View toldMembers = EnsembleMembers.View.NONE;

    CommittedCommands(
            CoordStateMachine state,
            WatchRegistry watches,
            Submissions submissions,
            Replicator replicator,
            ClientWrites writes,
            AttachedSessions sessions,
            LineLimit excesses,
            Listener listener,
            ServerMetrics metrics,
            RequestMetrics requestMetrics,
            AuditTrail audit) {
        this.state = state;
        this.watches = watches;
        this.submissions = submissions;
        this.replicator = replicator;
        this.writes = writes;
        this.sessions = sessions;
        this.excesses = excesses;
        this.listener = listener;
        this.metrics = metrics;
        this.requestMetrics = requestMetrics;
        this.audit = audit;
    }

    @Override
    public void onCommitted(Command command, long ticket) {
        owner.check();
        Effects effects = state.apply(command);
        if (effects.defect() != null) {
            LOG.error(
                    "A defect of the server: {} changed nothing and was answered with an error",
                    nameOf(command),
                    effects.defect());
        }
        watches.onChanges(effects.changes(), effects.zxid());
        if (isServing) {
            requestMetrics.onApplied(command, effects.answer().isOk());
        }
        if (effects.opened() != null) {
            sessions.onOpened(effects.opened());
        }
        Submission submission = ticket == Replicator.NO_TICKET ? null : submissions.take(ticket);
        if (submission != null) {
            submission.onApplied(effects);
            tell(command, effects.excess());
        }
        if (effects.reconfig() != null) {
            writes.onReconfig(effects, effects.reconfig());
        }
        if (command instanceof Command.Reconfig
                || command instanceof Command.EndReconfig
                || command instanceof Command.NameMembers) {
            tellOfMembers();
        }
        if (effects.closed() != null) {
            if (isServing) {
                audit.onSessionEnded(effects.closed(), effects.changes());
            }
            sessions.onClosed(effects.closed());
        }
    }

    private void tellOfMembers() {
        EnsembleMembers.View members = state.members();
        if (!members.equals(toldMembers)) {
            toldMembers = members;
            replicator.onMembers(members);
        }
    }

    /** One server tells of it: the one that the write came to. */
    private void tell(Command command, @Nullable QuotaExcess excess) {
        if (excess == null) {
            return;
        }
        if (excess.hard() && command instanceof Command.Write write && write.rules() == Command.Rules.QUOTAS_ENFORCED) {
            metrics.quotaExceeded.increment(excess.namespace());
        }
        if (excesses.permits()) {
            LOG.warn("{}", excess);
        } else {
            LOG.debug("{}", excess);
        }
    }

    /** Without what it carries: that may be secret, and is as long as a client likes. */
    private static String nameOf(Command command) {
        return command instanceof Command.Write write
                ? write.request().op() + " of session 0x" + Long.toHexString(write.sessionId())
                : command.getClass().getSimpleName();
    }

    @Override
    public void onBatchEnd() {
        requestMetrics.onBatchEnd();
        listener.onBatchEnd();
    }

    @Override
    public void onRefused(long ticket, String reason) {
        Submission submission = submissions.take(ticket);
        if (submission != null) {
            submission.onRefused(reason);
        }
    }

    @Override
    public void onUnknown(long ticket, String reason) {
        Submission submission = submissions.take(ticket);
        if (submission != null) {
            submission.onUnknown(reason);
        }
    }

    @Override
    public void onRoleChanged(Role role) {
        if (role == Role.LOOKING) {
            writes.onLooking();
        }
        sessions.onRoleChanged(role);
    }

    @Override
    public void onTouched(int follower, long[] sessionIds) {
        sessions.onTouched(follower, sessionIds);
    }

    @Override
    public void onReady() {
        isServing = true;
        listener.onReady();
    }

    @Override
    public void onLogFailed(Throwable cause) {
        metrics.unrecoverableErrors.increment();
        sessions.onLogFailed();
        listener.onLogFailed(cause);
    }

    @Override
    public void onFailed(Throwable cause) {
        metrics.unrecoverableErrors.increment();
        listener.onFailed(cause);
    }

    @Override
    public SnapshotCut beginSnapshot() {
        metrics.log.onSnapshotBegun(state.lastZxid());
        return state.beginSnapshot();
    }

    @Override
    public void onRestoreStarted() {
        // Watches would miss what the snapshot skips: clients come back and have them compared with what they have
        // seen.
        sessions.disconnectAll();
        restore = state.beginRestore();
    }

    @Override
    public void onRestoreChunk(ByteBuf chunk) {
        if (restore == null) {
            throw new IllegalStateException("a chunk of a snapshot before its start");
        }
        restore.readChunk(chunk);
    }

    @Override
    public void onRestoreFinished() {
        state.finishRestore();
        restore = null;
        tellOfMembers();
        metrics.log.onSnapshotRestored(state.lastZxid());
    }
}
