package io.coord.server.internal.replication;

import io.netty.buffer.ByteBuf;

/** What a replicator drives: the state that commands change. All calls come on the owner thread. */
public interface ReplicatedState {
    /**
     * Before anything else of a recovery, and again when a replica is handed a newer snapshot: forget everything, chunks
     * of a snapshot follow. A replica that serves clients has told before that all of its own commands under way are
     * unknown, and that it is {@link Role#LOOKING}.
     */
    void onRestoreStarted();

    /** One chunk as {@link SnapshotCut#writeNext} wrote it, in the same order; the caller keeps the buffer. */
    void onRestoreChunk(ByteBuf chunk);

    void onRestoreFinished();

    /**
     * A command is committed: apply it. Position by position, without gaps.
     *
     * @param ticket that of the submission, or {@link Replicator#NO_TICKET}
     */
    void onCommitted(Command command, long ticket);

    /**
     * No more commands are delivered within this turn of the owner: the moment to flush what they caused. What was committed
     * together may come in several turns.
     */
    void onBatchEnd();

    /** A command did not get into the log and never will; the connection stays and its client gets an error. */
    void onRefused(long ticket, String reason);

    /** Nobody knows whether the command will be committed: the client's connection must be closed without an answer. */
    void onUnknown(long ticket, String reason);

    /**
     * Before {@link #onReady}, and at each change; {@link Role#LEADER} also when this server was elected once more. A
     * leader gives every session its full time-out from now on: nobody knows what the one before it had heard.
     */
    void onRoleChanged(Role role);

    /**
     * The leader is told of sessions that a follower has heard of since its last report; unknown ones among them do not
     * matter.
     *
     * @param follower its number in the ensemble. One whose reports stop coming may go on hearing of its sessions for a
     *     moment, so they get a full time-out from when that is noticed.
     */
    void onTouched(int follower, long[] sessionIds);

    /** Recovery is over; submissions are welcome. Once only. */
    void onReady();

    /**
     * Nothing can be made durable any more: from now on each submission is refused. What was committed stays true and can be
     * read; whether what was reported as unknown is in the log, the next start finds out. At most once, after {@link #onReady}.
     */
    void onLogFailed(Throwable cause);

    /** The replicator can go on no more; no callback follows. */
    void onFailed(Throwable cause);

    /** Starts to save the state as it is now. At most one cut at a time. */
    SnapshotCut beginSnapshot();

    /** The state as it was when the cut began, written in slices while the state goes on. Owner thread. */
    interface SnapshotCut {
        /**
         * Writes the next slice, a few hundred kilobytes at most.
         *
         * @return whether another one follows
         */
        boolean writeNext(ByteBuf chunk);

        /** Gives the cut up; also after the last slice, harmlessly. */
        void abandon();
    }
}
