package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.SetDataBuilder;
import io.coord.client.StatHolder;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.UnreadableDataException;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.queue.QueueEntry;
import io.coord.recipes.internal.queue.QueueNode;
import io.coord.recipes.internal.queue.QueueNodes;
import io.coord.recipes.internal.queue.ReleaseRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A look at a lock's queue from outside: who holds the lock and who waits, whatever kind of client they are. It takes one
 * read for the list and one for each 250 nodes (one for each node where the server knows no {@code multiRead}), so the picture
 * is that of a moment only as far as nothing changes meanwhile; a node that goes while the picture is made is left out.
 *
 * <p>Thread-safe: it has no state.
 *
 * <pre>{@code
 * LockQueue queue = new LockQueue(client, "/locks/report");
 * for (LockParticipant each : queue.participants()) {
 *     if (each.holding() && each.since().isBefore(Instant.now().minusSeconds(3600))) {
 *         queue.requestRelease(each);
 *     }
 * }
 * }</pre>
 */
public final class LockQueue {
    private final CoordClient client;
    private final String path;

    /** @param path the path of a mutex or a read-write lock */
    public LockQueue(CoordClient client, String path) {
        this.client = client;
        this.path = ZnodePath.validate(path);
    }

    /**
     * @return in the order of service; empty when nobody is there
     * @throws io.coord.client.error.CoordException when the queue cannot be read
     */
    public List<LockParticipant> participants() {
        return Callers.await(participantsAsync().toCompletableFuture(), "participants", path);
    }

    /** As {@link #participants()}, without waiting. */
    public CompletionStage<List<LockParticipant>> participantsAsync() {
        return QueueNodes.read(client, path).thenApply(this::describe);
    }

    /**
     * Asks whoever stands there to give up its place, in the way of Curator's {@code Revoker}: the data of its znode are
     * replaced. It is a request only. A Coord client hears it through {@link Lease#onReleaseRequested}, a Curator client
     * through {@code makeRevocable}; without a listener there nothing happens. The description of the holder is lost.
     *
     * @return false when the participant is gone already
     * @throws io.coord.client.error.CoordException when it could not be asked; when it is an
     *     {@link io.coord.client.error.OutcomeUnknown} it may have been
     */
    public boolean requestRelease(LockParticipant participant) {
        return Callers.await(requestReleaseAsync(participant).toCompletableFuture(), "requestRelease", path);
    }

    /** As {@link #requestRelease}, without waiting. */
    public CompletionStage<Boolean> requestReleaseAsync(LockParticipant participant) {
        return isCompressed(participant.path())
                .thenCompose(compressed -> ask(participant.path(), compressed))
                .handle((stat, failure) -> {
                    if (failure == null) {
                        return true;
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof NoNodeException) {
                        return false;
                    }
                    throw cause;
                });
    }

    /** A holder of Curator's reads as it writes, and fails on what is otherwise. */
    private CompletionStage<Boolean> isCompressed(String participant) {
        StatHolder stat = new StatHolder();
        return client.getData()
                .decompressed()
                .storingStatIn(stat)
                .forPathAsync(participant)
                .handle((data, failure) -> {
                    if (failure == null) {
                        return stat.get().dataLength() > 0;
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof UnreadableDataException || cause instanceof NoAuthException) {
                        return false;
                    }
                    throw cause;
                });
    }

    private CompletionStage<Stat> ask(String participant, boolean compressed) {
        SetDataBuilder request = client.setData().idempotent();
        return (compressed ? request.compressed() : request.uncompressed())
                .forPathAsync(participant, ReleaseRequest.DATA);
    }

    private List<LockParticipant> describe(List<QueueNode> nodes) {
        List<QueueEntry> sorted = nodes.stream().map(QueueNode::entry).toList();
        List<@Nullable QueueEntry> blockers = QueueEntry.blockersOf(sorted);
        List<LockParticipant> participants = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            QueueNode node = nodes.get(i);
            QueueEntry entry = node.entry();
            QueueEntry blocker = blockers.get(i);
            boolean inherited = blocker != null && blocker.sortKey().equals(entry.sortKey());
            participants.add(new LockParticipant(
                    node.path(),
                    kind(entry),
                    entry.sequence(),
                    blocker == null || inherited,
                    blocker == null || inherited ? null : blocker.name(),
                    node.stat().ephemeralOwner(),
                    node.stat().czxid(),
                    Instant.ofEpochMilli(node.stat().ctime()),
                    node.data()));
        }
        return List.copyOf(participants);
    }

    private static LockParticipant.Kind kind(QueueEntry entry) {
        if (entry.kind() == null) {
            return LockParticipant.Kind.OTHER;
        }
        return switch (entry.kind()) {
            case MUTEX -> LockParticipant.Kind.EXCLUSIVE;
            case WRITE -> LockParticipant.Kind.WRITE;
            case READ -> LockParticipant.Kind.READ;
            case LEASE -> LockParticipant.Kind.PERMIT;
            case LATCH -> LockParticipant.Kind.OTHER;
        };
    }
}
