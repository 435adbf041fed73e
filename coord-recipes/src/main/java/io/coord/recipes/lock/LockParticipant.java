package io.coord.recipes.lock;

import io.coord.recipes.internal.queue.ReleaseRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A node in a lock's queue.
 *
 * <pre>{@code
 * for (LockParticipant each : new LockQueue(client, "/locks/report").participants()) {
 *     boolean reads = each.kind() == LockParticipant.Kind.READ;
 *     use(each.name(), reads, each.holding() ? "holds" : "waits for " + each.waitsFor(), each.holder());
 * }
 * }</pre>
 *
 * @param path the whole path of the node
 * @param sequence the number that orders the queue; empty for a node that is none of a lock's
 * @param holding whether it holds the lock; otherwise it waits
 * @param waitsFor name of the node that it has to wait for; null when it holds the lock, or is the next to get a permit
 * @param sessionId of the client that it belongs to
 * @param fencingToken zxid of its creation
 * @param since when it was created, by the server's clock
 * @param data what its client wrote into it; may be empty
 */
public record LockParticipant(
        String path,
        Kind kind,
        OptionalLong sequence,
        boolean holding,
        @Nullable String waitsFor,
        long sessionId,
        long fencingToken,
        Instant since,
        byte[] data) {
    /** What a node in a lock's queue asks for. */
    public enum Kind {
        /** A mutex. */
        EXCLUSIVE,
        WRITE,
        READ,
        /** A permit of a semaphore. */
        PERMIT,
        /** A node that no lock has made. */
        OTHER
    }

    /** What its client says about itself; empty when it says nothing that can be understood. */
    public Optional<HolderDescription> holder() {
        return HolderDescription.read(data);
    }

    /** Whether somebody has asked for its place, see {@link LockQueue#requestRelease}. */
    public boolean isReleaseRequested() {
        return Arrays.equals(data, ReleaseRequest.DATA);
    }

    /** The same, where having the place means no more than being the next. */
    LockParticipant waitingOnly() {
        return new LockParticipant(path, kind, sequence, false, waitsFor, sessionId, fencingToken, since, data);
    }

    /** The node's name, without the queue's path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
