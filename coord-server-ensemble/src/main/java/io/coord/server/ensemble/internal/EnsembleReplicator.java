package io.coord.server.ensemble.internal;

import io.coord.protocol.wire.MalformedRecordException;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.QuorumView;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.replication.Standing;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of an ensemble. What the owner submits within one turn goes to the leader of a term in one batch, this member itself
 * perhaps, and comes back through the log, which the owner applies in slices.
 *
 * <p>A follower whose leader goes away keeps what it has submitted until the next one has shown what became of it ({@link
 * OwnSubmissions}), so its clients notice a pause and nothing else. What is under way becomes of unknown fate only when its stream breaks
 * and the leader stays, when no leader is found in time, or when this member is behind by a snapshot.
 *
 * <p>All fields but {@code appliedIndex} belong to the owner thread.
 */
final class EnsembleReplicator implements Replicator {
    private static final Logger LOG = LoggerFactory.getLogger(EnsembleReplicator.class);

    private final MemberSettings settings;
    private final StateMailbox mailbox;
    private final CommittedInbox inbox;
    private final MemberLife memberLife;
    private final long life = new SecureRandom().nextLong();
    private final CommandCodec codec = new CommandCodec();
    private final OwnSubmissions submissions = new OwnSubmissions(life);
    private final Runnable handOver = this::handOver;

    private @Nullable ReplicatedState state;
    private @Nullable Thread owner;
    private boolean ready;
    private boolean closed;
    private Role role = Role.LOOKING;
    private Route route = Route.NONE;

    private boolean handOverDue;

    /** Written by the owner, looked at by the links' thread. */
    private volatile long appliedIndex;

    EnsembleReplicator(MemberSettings settings, StateMailbox mailbox) {
        this.settings = settings;
        this.mailbox = mailbox;
        this.inbox = new CommittedInbox(mailbox, this::onSliceEnd);
        this.memberLife = new MemberLife(settings, new FromLog(), new FromLinks());
    }

    // ---- The port

    @Override
    public void start(ReplicatedState replicatedState) {
        if (state != null || closed) {
            throw new IllegalStateException("a replicator starts once");
        }
        state = replicatedState;
        owner = Thread.currentThread();
        memberLife.start(
                replicatedState,
                mailbox,
                () -> inbox.tell(this::onStarted),
                failure -> inbox.tell(() -> fail(failure)));
    }

    /** Without effect after {@link #close}, and when the member has failed. */
    @Override
    public void submit(Command command, long ticket) {
        checkOwner();
        if (closed) {
            return;
        }
        if (!ready) {
            throw new IllegalStateException("submitted before onReady");
        }
        if (role == Role.LOOKING) {
            mailbox.offer(() -> refuse(ticket));
            return;
        }
        submissions.add(new Batch.Submission(command, ticket));
        if (!handOverDue) {
            handOverDue = true;
            mailbox.offer(handOver);
        }
    }

    @Override
    public void tellLeader(long[] touchedSessions) {
        checkOwner();
        if (role == Role.FOLLOWER && !route.isNone() && !closed) {
            memberLife.links().report(route, touchedSessions);
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Standing standing() {
        return switch (role) {
            case LEADER -> Standing.LEADER;
            case FOLLOWER -> memberLife.known().isObserver(settings.id()) ? Standing.OBSERVER : Standing.FOLLOWER;
            case LOOKING -> Standing.LOOKING;
        };
    }

    @Override
    public QuorumView quorum() {
        return new QuorumView(
                memberLife.known().current().voters(),
                route.leader(),
                role == Role.LEADER ? memberLife.links().led() : null);
    }

    @Override
    public void onMembers(EnsembleMembers.View members) {
        memberLife.onMembers(members);
    }

    @Override
    public void onTick(long nowMs) {
        // While there is no leader the next one is waited for, or until this member gives up looking.
        if (!closed && !route.isNone() && submissions.isBrokenFor(nowMs, settings.electionTimeoutMaxMs())) {
            abandon("something on the way to the leader was lost");
        }
    }

    @Override
    public void close(CloseCallback done) {
        checkOwner();
        closed = true;
        inbox.close();
        memberLife.stop(failure -> mailbox.offer(() -> done.onClosed(failure)));
    }

    private void checkOwner() {
        if (owner != null && owner != Thread.currentThread()) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + ", owned by " + owner.getName());
        }
    }

    private ReplicatedState state() {
        ReplicatedState target = state;
        if (target == null) {
            throw new IllegalStateException("not started");
        }
        return target;
    }

    private void refuse(long ticket) {
        if (!closed) {
            state().onRefused(ticket, "no leader takes it");
            state().onBatchEnd();
        }
    }

    // ---- Submissions

    private void handOver() {
        handOverDue = false;
        if (!closed) {
            sendGathered();
        }
    }

    /** What finds no leader waits for the next one, or until this member gives up looking. */
    private void sendGathered() {
        submissions.send(route, sender(route));
    }

    private OwnSubmissions.Sender sender(Route to) {
        return (header, entry) -> memberLife.links().submit(to, header, entry);
    }

    /** Nobody here can know what becomes of what is under way. */
    private void abandon(String why) {
        List<Batch.Submission> lost = submissions.abandon();
        for (Batch.Submission each : lost) {
            state().onUnknown(each.ticket(), why);
        }
        if (!lost.isEmpty()) {
            state().onBatchEnd();
        }
    }

    private void become(Role next) {
        role = next;
        LOG.info(
                "Member {} of {} is {}",
                settings.id(),
                settings.ensemble(),
                standing().word());
        state().onRoleChanged(next);
    }

    private void look(String why) {
        abandon(why);
        if (role != Role.LOOKING) {
            LOG.info("Member {} of {} looks for a leader: {}", settings.id(), settings.ensemble(), why);
            become(Role.LOOKING);
        }
    }

    private void followIfCaughtUp() {
        if (ready
                && role == Role.LOOKING
                && !route.isNone()
                && route.leader() != settings.id()
                && appliedIndex >= route.commitIndex()) {
            become(Role.FOLLOWER);
        }
    }

    private void fail(Throwable cause) {
        if (!closed) {
            closed = true;
            abandon("the member has failed");
            inbox.close();
            state().onFailed(cause);
        }
    }

    // ---- What comes in, on the owner

    private void onStarted() {
        state().onRoleChanged(Role.LOOKING);
        ready = true;
        state().onReady();
        followIfCaughtUp();
    }

    private void onRoute(Route next) {
        if (closed) {
            return;
        }
        if (role == Role.LEADER) {
            look("another term has begun");
        }
        route = next;
        if (next.leader() == settings.id()) {
            become(Role.LEADER);
        } else if (role == Role.FOLLOWER) {
            become(Role.FOLLOWER);
        } else {
            followIfCaughtUp();
        }
        submissions.onRoute(next, sender(next));
    }

    private void onRouteLost(String why) {
        if (closed) {
            return;
        }
        route = Route.NONE;
        if (role == Role.LEADER) {
            look(why);
        }
    }

    private void onOutOfTouch(String why) {
        if (!closed) {
            route = Route.NONE;
            look(why);
        }
    }

    private void onBroken(long brokenLife, long brokenStream) {
        if (!closed) {
            submissions.onBroken(brokenLife, brokenStream);
        }
    }

    private void onTouched(long term, int from, long[] sessions) {
        if (!closed && role == Role.LEADER && route.term() == term) {
            state().onTouched(from, sessions);
        }
    }

    private void onProposal(Command command) {
        if (!closed && ready && role == Role.LEADER) {
            submit(command, NO_TICKET);
        }
    }

    private void onEntry(long term, long index, Entry entry) {
        if (closed) {
            return;
        }
        try {
            deliver(term, entry);
            appliedIndex = index;
            memberLife.saver().onApplied(entry.header.count(), entry.bytes);
            memberLife.saver().beginIfDue(term, index);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void deliver(long term, Entry entry) {
        onTermReached(term);
        BatchHeader header = entry.header;
        if (header.term() != term) {
            return;
        }
        if (!submissions.isOwn(header)) {
            for (Command each : entry.commands(codec)) {
                state().onCommitted(each, NO_TICKET);
            }
            return;
        }
        for (Batch.Submission each : submissions.take(header)) {
            state().onCommitted(each.command(), each.ticket());
        }
        sendGathered();
    }

    private void onTermReached(long term) {
        if (submissions.onTermReached(term)) {
            sendGathered();
        }
    }

    private void onSliceEnd() {
        if (!closed) {
            state().onBatchEnd();
            followIfCaughtUp();
        }
    }

    /** An entry on its way to the owner; commands of other members are decoded before it gets there. */
    private static final class Entry {
        private final BatchHeader header;
        private final int bytes;
        private final @Nullable List<Command> decoded;
        private final ByteBuf encoded;

        Entry(BatchHeader header, int bytes, @Nullable List<Command> decoded, ByteBuf encoded) {
            this.header = header;
            this.bytes = bytes;
            this.decoded = decoded;
            this.encoded = encoded;
        }

        List<Command> commands(CommandCodec codec) {
            return decoded == null ? Batch.read(header, encoded, codec) : decoded;
        }
    }

    /** Ratis's threads: everything goes through the inbox, in its order. */
    private final class FromLog implements LogStateMachine.Receiver {
        private final CommandCodec ownCodec = new CommandCodec();

        @Override
        public void onRestoreStarted(long index) {
            inbox.put(() -> restoreStarted(index), 0);
        }

        private void restoreStarted(long index) {
            if (!closed) {
                look("behind by a snapshot");
                memberLife.saver().abandon();
                appliedIndex = index;
                state().onRestoreStarted();
            }
        }

        @Override
        public void onRestoreChunk(ByteBuf chunk) {
            inbox.put(
                    () -> {
                        if (!closed) {
                            state().onRestoreChunk(chunk);
                        }
                    },
                    chunk.readableBytes());
        }

        @Override
        public void onRestoreFinished() {
            inbox.put(
                    () -> {
                        if (!closed) {
                            state().onRestoreFinished();
                        }
                    },
                    0);
        }

        @Override
        public void onEntry(long term, long index, @Nullable ByteBuf bytes) {
            if (bytes == null) {
                inbox.put(() -> onOwnEntryOfTheLog(term, index), 0);
                return;
            }
            int size = bytes.readableBytes();
            try {
                BatchHeader header = BatchHeader.read(bytes);
                boolean mine = header.life() == life;
                Entry entry = new Entry(header, size, mine ? null : Batch.read(header, bytes, ownCodec), bytes);
                inbox.put(() -> EnsembleReplicator.this.onEntry(term, index, entry), size);
            } catch (MalformedRecordException e) {
                inbox.put(
                        () -> fail(new IllegalStateException(
                                "Entry " + index + " of the log cannot be read: " + e.getMessage(), e)),
                        0);
            }
        }

        private void onOwnEntryOfTheLog(long term, long index) {
            if (!closed) {
                appliedIndex = Math.max(appliedIndex, index);
                EnsembleReplicator.this.onTermReached(term);
            }
        }

        @Override
        public void onLeadership() {
            memberLife.onLeadership();
        }

        @Override
        public void onLogFailed(Throwable cause) {
            inbox.tell(() -> fail(cause));
        }
    }

    /** The links' thread. It never waits for the owner. */
    private final class FromLinks implements MemberLinks.Listener {
        @Override
        public void onRoute(Route next) {
            // Behind all entries of earlier terms, which have been handed over.
            inbox.tell(() -> EnsembleReplicator.this.onRoute(next));
        }

        @Override
        public void onRouteLost(String why) {
            inbox.tell(() -> EnsembleReplicator.this.onRouteLost(why));
        }

        @Override
        public void onOutOfTouch(String why) {
            inbox.tell(() -> EnsembleReplicator.this.onOutOfTouch(why));
        }

        @Override
        public void onBroken(long brokenLife, long brokenStream) {
            inbox.tell(() -> EnsembleReplicator.this.onBroken(brokenLife, brokenStream));
        }

        @Override
        public void onTouched(long term, int from, long[] sessions) {
            inbox.tell(() -> EnsembleReplicator.this.onTouched(term, from, sessions));
        }

        @Override
        public void onProposal(Command command) {
            inbox.tell(() -> EnsembleReplicator.this.onProposal(command));
        }

        @Override
        public void onNodeFailed(Throwable cause) {
            inbox.tell(() -> fail(cause));
        }

        @Override
        public long appliedIndex() {
            return appliedIndex;
        }
    }
}
