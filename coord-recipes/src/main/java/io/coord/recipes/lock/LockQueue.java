package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.queue.ForeignData;
import io.coord.recipes.internal.queue.QueueEntry;
import io.coord.recipes.internal.queue.ReleaseRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A look at a lock's queue from outside: who holds the lock and who waits, whatever kind of client they are. It takes one
 * read for the list and one for each node, so the picture is that of a moment only as far as nothing changes meanwhile; a
 * node that goes while the picture is made is left out.
 *
 * <p>Thread-safe: it has no state.
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
        return client.getChildren()
                .forPathAsync(path)
                .handle((names, failure) -> {
                    if (failure == null) {
                        return names;
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof NoNodeException) {
                        return List.<String>of();
                    }
                    throw cause;
                })
                .thenCompose(this::read);
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
        return client.setData()
                .idempotent()
                .forPathAsync(participant.path(), ReleaseRequest.DATA)
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

    private CompletionStage<List<LockParticipant>> read(List<String> names) {
        List<CompletableFuture<@Nullable Node>> reads = new ArrayList<>(names.size());
        for (QueueEntry entry : QueueEntry.sorted(names)) {
            reads.add(read(entry).toCompletableFuture());
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    List<Node> nodes = new ArrayList<>(reads.size());
                    for (CompletableFuture<@Nullable Node> read : reads) {
                        Node node = read.join();
                        if (node != null) {
                            nodes.add(node);
                        }
                    }
                    return describe(nodes);
                });
    }

    private record Node(QueueEntry entry, Stat stat, byte[] data) {}

    private CompletionStage<@Nullable Node> read(QueueEntry entry) {
        StatHolder stat = new StatHolder();
        return ForeignData.read(client, ZnodePath.child(path, entry.name()), stat)
                .handle((data, failure) -> {
                    if (failure == null) {
                        return new Node(entry, stat.get(), data);
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof NoNodeException) {
                        return null;
                    }
                    throw cause;
                });
    }

    private List<LockParticipant> describe(List<Node> nodes) {
        List<QueueEntry> sorted = nodes.stream().map(Node::entry).toList();
        List<LockParticipant> participants = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            QueueEntry blocker = QueueEntry.blockerOf(node.entry.name(), sorted);
            boolean inherited = blocker != null && blocker.sortKey().equals(node.entry.sortKey());
            participants.add(new LockParticipant(
                    ZnodePath.child(path, node.entry.name()),
                    kind(node.entry),
                    node.entry.sequence(),
                    blocker == null || inherited,
                    blocker == null || inherited ? null : blocker.name(),
                    node.stat.ephemeralOwner(),
                    node.stat.czxid(),
                    Instant.ofEpochMilli(node.stat.ctime()),
                    node.data));
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
