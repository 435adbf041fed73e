package io.coord.recipes.lock;

import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A lock among all clients that use the same path, served in the order in which they asked.
 *
 * <p>What holds the lock is the {@link Lease} that acquiring gives. It may be handed to other threads and released by any.
 * For code in the style of a monitor most locks remember which leases a thread acquired through the blocking methods: such
 * a thread may acquire again at once (a lease that shares the znode; the lock is free when all of them are released), and
 * {@link #release()} gives back its newest one. The asynchronous methods have no thread: each of their leases is a
 * contender of its own. See {@link ReentrantDistributedLock} for owners that are no threads, and for no re-entry at all.
 *
 * <p>Without a connection an untimed acquire waits; a session that is lost while waiting costs the place in the queue, not
 * the wait. The blocking methods must not be called on threads of the client: they throw {@link IllegalStateException}
 * there.
 *
 * <p>Thread-safe: its state belongs to one serial queue.
 *
 * <pre>{@code
 * DistributedLock lock = new Mutex(client, "/locks/report").forPurpose("nightly report");
 * lock.acquireAsync(Duration.ofSeconds(5)).thenAccept(lease -> lease.ifPresent(held -> {
 *     use(held.fencingToken());
 *     held.releaseAsync();
 * }));
 * }</pre>
 */
public interface DistributedLock {
    /** The path of the queue of znodes. */
    String path();

    /**
     * Waits until the lock is held.
     *
     * @throws CallInterruptedException when the thread is interrupted; nothing stays behind
     * @throws LockUpgradeException for a write lock, when the thread holds the read lock
     * @throws CoordException when the servers refuse; nothing stays behind
     */
    Lease acquire();

    /**
     * Waits until the lock is held, at most for the given time, which covers all that has to be done. Zero or less is
     * {@link #tryAcquire()}.
     *
     * @return empty when it could not be had in that time; nothing stays behind
     * @throws io.coord.client.error.RequestTimeoutException when the time passed and the servers are out of reach, without
     *     there ever having been a place in the queue; nothing stays behind
     * @throws CoordException as {@link #acquire()}
     */
    Optional<Lease> acquire(Duration wait);

    /**
     * Takes the lock if nobody is in the way. Bounded by the client's request timeout.
     *
     * @return empty when somebody is
     * @throws CoordException as {@link #acquire(Duration)}
     */
    Optional<Lease> tryAcquire();

    /**
     * As {@link #acquire()}, without waiting and without a thread that holds it. Cancelling the stage's future gives up.
     * The stage completes on a callback thread of the client.
     */
    CompletionStage<Lease> acquireAsync();

    /** As {@link #acquire(Duration)}, likewise. */
    CompletionStage<Optional<Lease>> acquireAsync(Duration wait);

    /**
     * Releases the newest lease that the calling thread, or the owner of this view, has of this lock, as
     * {@link Lease#release()} does.
     *
     * @throws IllegalMonitorStateException when it has none
     */
    void release();

    /** Whether the calling thread, or the owner of this view, has a lease of this lock that is neither released nor lost. */
    boolean isHeldByCurrentThread();

    /**
     * The same lock, with a purpose that others see in the queue, see {@link HolderDescription#purpose}. Nothing is seen of
     * it where the lock was made with data of its own.
     *
     * @throws IllegalArgumentException when it has more than 1,000 characters
     */
    DistributedLock forPurpose(String purpose);

    /** A look at the queue from outside. */
    LockQueue queue();

    /**
     * Who holds and who waits, in the order of service, contenders of other clients included; of a read-write lock its
     * readers and writers alike. A picture of one moment.
     *
     * @throws CoordException when the queue cannot be read
     */
    List<LockParticipant> participants();
}
