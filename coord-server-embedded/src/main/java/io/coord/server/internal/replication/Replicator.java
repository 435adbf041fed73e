package io.coord.server.internal.replication;

import org.jspecify.annotations.Nullable;

/**
 * Takes commands and gives them back committed: durable as far as this replicator promises, and in the one order that all
 * replicas share. Called on the owner thread only; answers on the owner thread, by the callbacks of {@link
 * ReplicatedState}, never within the call that caused them.
 */
public interface Replicator {
    /** The ticket of a command that this server did not submit, or submitted in an earlier life. */
    long NO_TICKET = 0;

    /**
     * Recovers and goes to work: restores the last snapshot if there is one, delivers each committed command behind it,
     * tells its {@link Role}, then calls {@link ReplicatedState#onReady}. Once only.
     */
    void start(ReplicatedState state);

    /**
     * Sends a command on its way. Exactly one of {@link ReplicatedState#onCommitted}, {@link ReplicatedState#onRefused}
     * and {@link ReplicatedState#onUnknown} follows for the ticket, unless the replicator is closed first. The caller
     * bounds how many are under way.
     *
     * <p>Commands of one server are committed at most once each and in the order of submission. Behind one that is lost
     * none of those that were under way with it is committed: a session's later write never happens without its earlier
     * one.
     *
     * @param ticket the caller's number for this submission, not {@link #NO_TICKET}
     */
    void submit(Command command, long ticket);

    /**
     * A follower reports the sessions it has heard of since its last report; at the leader {@link
     * ReplicatedState#onTouched} follows. Not logged, not repeated, not answered: one that is lost is made up for by
     * the next, and the leader notices when more than one in a row is. Without effect on a server that is the leader itself or knows of none.
     */
    void tellLeader(long[] touchedSessions);

    /**
     * Whether other servers may have committed what this one has yet to apply. If so, a client that asks for the latest waits for a
     * {@link Command.Barrier} to come back.
     */
    default boolean isShared() {
        return false;
    }

    /** For operators. */
    default Standing standing() {
        return Standing.STANDALONE;
    }

    /** For operators; null where there are no others. */
    default @Nullable QuorumView quorum() {
        return null;
    }

    /**
     * Told once the state is there, and then whenever it changes, of whom the state says that they belong to the ensemble, and what
     * change of that is under way. The leader's replicator carries that out, and submits {@link Command.EndReconfig} by itself.
     */
    default void onMembers(EnsembleMembers.View members) {}

    /**
     * Time goes on: called now and then, also when nothing else happens. For what can wait for a quiet moment.
     *
     * @param nowMs monotonic milliseconds
     */
    default void onTick(long nowMs) {}

    /**
     * Stops. What was submitted and not yet committed may or may not survive. Does not block the owner thread; {@code
     * done} runs on it once everything that was acknowledged is safe and all files are closed.
     *
     * @param done told of the failure that closing met, or null
     */
    void close(CloseCallback done);

    /** Told when a replicator has stopped. */
    @FunctionalInterface
    interface CloseCallback {
        void onClosed(@Nullable Throwable failure);
    }
}
