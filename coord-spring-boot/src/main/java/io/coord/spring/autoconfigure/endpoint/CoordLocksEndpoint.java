package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.recipes.lock.HolderDescription;
import io.coord.recipes.lock.LockParticipant;
import io.coord.recipes.lock.LockQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Who holds the locks below {@code coord.lock.root} and who waits for them, in all applications. Asks the servers. Where it may write, it asks
 * holders to release; by default it only reads.
 *
 * <p>Thread-safe: immutable.
 */
@Endpoint(id = "coordlocks", defaultAccess = Access.READ_ONLY)
final class CoordLocksEndpoint {

    private static final String PERMITS = "/leases";
    private static final String TURNS = "/locks";

    private final CoordClient client;
    private final String root;

    CoordLocksEndpoint(CoordClient client, String root) {
        this.client = client;
        this.root = root;
    }

    /**
     * All locks that somebody holds or waits for.
     *
     * @param locks by name and key, as they are below the root
     * @param complete false when there are too many to look at all of them
     */
    record Locks(String root, Map<String, Lock> locks, boolean complete) {}

    /** One lock: who has it, and who waits in the order of service. */
    record Lock(String path, List<Place> holders, List<Place> waiting) {}

    /**
     * Somebody in a queue, as that client describes itself.
     *
     * @param kind {@code exclusive}, {@code write}, {@code read}, {@code permit} or {@code other}
     * @param here whether it is this application
     * @param purpose of a method: the application's instance id and the method
     * @param since when it took its place, by the server's clock
     * @param releaseRequested whether somebody has asked it to release; it does not describe itself any more then
     */
    record Place(
            String kind,
            boolean here,
            @Nullable String host,
            @Nullable Long process,
            @Nullable String thread,
            @Nullable String purpose,
            Instant since,
            long fencingToken,
            String session,
            String znode,
            boolean releaseRequested) {}

    /**
     * Who was asked to release.
     *
     * @param asked holders' znodes
     * @param gone znodes of holders that had released meanwhile
     */
    record Asked(String path, List<String> asked, List<String> gone) {}

    @ReadOperation
    WebEndpointResponse<Object> locks() {
        return ServersAnswer.of(() -> {
            QueuePaths.Found found = QueuePaths.below(client, root, QueuePaths.LOCK);
            Map<String, Lock> locks = new TreeMap<>();
            for (String path : found.paths()) {
                String lock = lockOf(path);
                locks.computeIfAbsent(lock.substring(Math.min(lock.length(), root.length() + 1)), name -> read(lock));
            }
            return new Locks(root, locks, found.complete());
        });
    }

    /** One lock by its name and key, held or not. */
    @ReadOperation
    WebEndpointResponse<Object> lock(@Selector(match = Match.ALL_REMAINING) String... name) {
        return ServersAnswer.of(() -> read(root + '/' + String.join("/", name)));
    }

    /**
     * Asks all holders of a lock to release it, or one of them. They may do so or not; Coord's clients publish a
     * {@code LockReleaseRequestedEvent}.
     *
     * @param znode of the only holder to ask; null for all of them
     */
    @WriteOperation
    WebEndpointResponse<Object> requestRelease(
            @Selector(match = Match.ALL_REMAINING) String[] name, @Nullable String znode) {
        String path = root + '/' + String.join("/", name);
        return ServersAnswer.of(() -> requestRelease(path, znode));
    }

    private Asked requestRelease(String path, @Nullable String znode) {
        List<LockParticipant> holders = Stream.concat(
                        participants(path).stream().filter(LockParticipant::holding),
                        participants(path + PERMITS).stream())
                .filter(each -> znode == null || znode.equals(each.name()))
                .toList();
        if (holders.isEmpty()) {
            throw new NoNodeException("requestRelease", znode == null ? path : path + '/' + znode);
        }
        LockQueue queue = new LockQueue(client, path);
        List<String> asked = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (LockParticipant holder : holders) {
            (queue.requestRelease(holder) ? asked : gone).add(holder.name());
        }
        return new Asked(path, asked, gone);
    }

    /** A semaphore's queues lie below it. */
    private static String lockOf(String queue) {
        for (String part : List.of(PERMITS, TURNS)) {
            if (queue.endsWith(part)) {
                return queue.substring(0, queue.length() - part.length());
            }
        }
        return queue;
    }

    private Lock read(String path) {
        List<Place> holders = new ArrayList<>();
        List<Place> waiting = new ArrayList<>();
        for (LockParticipant each : participants(path)) {
            (each.holding() ? holders : waiting).add(place(each));
        }
        for (LockParticipant each : participants(path + PERMITS)) {
            holders.add(place(each));
        }
        // Who has the turn waits for a permit, as the others do.
        for (LockParticipant each : participants(path + TURNS)) {
            waiting.add(place(each));
        }
        return new Lock(path, holders, waiting);
    }

    private List<LockParticipant> participants(String queue) {
        return new LockQueue(client, queue)
                .participants().stream()
                        .filter(each -> each.kind() != LockParticipant.Kind.OTHER)
                        .toList();
    }

    private Place place(LockParticipant participant) {
        HolderDescription holder = participant.holder().orElse(null);
        return new Place(
                participant.kind().name().toLowerCase(Locale.ROOT),
                participant.sessionId() == client.sessionId(),
                holder == null ? null : holder.host(),
                holder == null || holder.processId() == 0 ? null : holder.processId(),
                holder == null ? null : holder.thread(),
                holder == null ? null : holder.purpose(),
                participant.since(),
                participant.fencingToken(),
                "0x" + Long.toHexString(participant.sessionId()),
                participant.name(),
                participant.isReleaseRequested());
    }
}
