package io.coord.server.ensemble.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/** What Ratis takes for the state machine: it hands everything over, in the log's order. Ratis's threads. */
final class LogStateMachine extends BaseStateMachine {
    /** Where everything goes. Waits while there is too much. */
    interface Receiver {
        void onRestoreStarted(long index);

        void onRestoreChunk(ByteBuf chunk);

        void onRestoreFinished();

        /** @param entry null for one of Ratis's own, which has no commands */
        void onEntry(long term, long index, @Nullable ByteBuf entry);

        /** Somebody else may lead now. */
        void onLeadership();

        /** Nothing can be appended any more. */
        void onLogFailed(Throwable cause);
    }

    /** Where nothing was handed over. */
    static final long NOTHING = -1;

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final Receiver receiver;
    private final CommitNotices notices;
    private final @Nullable SyncedMark mark;
    private final AtomicLong handedOver;

    /**
     * @param mark null when entries are acknowledged without a sync
     * @param handedOver the last index that the receiver has had; this log's predecessor in the same process may have set it
     */
    LogStateMachine(Receiver receiver, CommitNotices notices, @Nullable SyncedMark mark, AtomicLong handedOver) {
        this.receiver = receiver;
        this.notices = notices;
        this.mark = mark;
        this.handedOver = handedOver;
    }

    /** Ratis is about to sync its log; it waits for the result behind that, and acknowledges then. */
    @Override
    public CompletableFuture<Void> flush(long index) {
        return mark == null ? super.flush(index) : mark.whenSynced(index);
    }

    /** Ratis is about to cut its log; it waits for the result behind that. */
    @Override
    public CompletableFuture<Void> truncate(long index) {
        return mark == null ? super.truncate(index) : mark.whenCut(index);
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        super.initialize(server, groupId, raftStorage);
        storage.init(raftStorage);
        LifeCycle lifeCycle = getLifeCycle();
        lifeCycle.transition(LifeCycle.State.STARTING);
        restore(storage.loadLatestSnapshot());
        lifeCycle.transition(LifeCycle.State.RUNNING);
    }

    /** A snapshot is about to be installed. */
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        if (mark != null) {
            mark.onLogReplaced();
        }
        restore(storage.loadLatestSnapshot());
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    private void restore(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        if (snapshot.getIndex() > handedOver.get()) {
            hand(snapshot);
        }
        setLastAppliedTermIndex(TermIndex.valueOf(snapshot.getTerm(), snapshot.getIndex()));
    }

    private void hand(SingleFileSnapshotInfo snapshot) throws IOException {
        receiver.onRestoreStarted(snapshot.getIndex());
        SnapshotFile.read(snapshot.getFile().getPath(), receiver::onRestoreChunk);
        receiver.onRestoreFinished();
        handedOver.set(snapshot.getIndex());
    }

    private void hand(long term, long index, @Nullable ByteBuf entry) {
        if (index > handedOver.get()) {
            receiver.onEntry(term, index, entry);
            handedOver.set(index);
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        ByteBuf bytes = Unpooled.wrappedBuffer(
                entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        hand(entry.getTerm(), entry.getIndex(), bytes);
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        notices.onCommitted();
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        hand(term, index, null);
        notices.onCommitted();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        receiver.onLeadership();
    }

    @Override
    public void notifyLeaderReady() {
        receiver.onLeadership();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
        receiver.onLogFailed(cause);
    }

    /** Asked for once a snapshot is durable: Ratis then forgets what of the log is behind it. */
    @Override
    public long takeSnapshot() {
        SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
        return latest == null ? -1 : latest.getIndex();
    }

    /** A snapshot is durable. */
    void onSaved(SingleFileSnapshotInfo snapshot) {
        storage.updateLatestSnapshot(snapshot);
    }

    Path snapshotDirectory() {
        Path file = storage.getSnapshotFile(0, 0).toPath().getParent();
        if (file == null) {
            throw new IllegalStateException("not initialised");
        }
        return file;
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }
}
