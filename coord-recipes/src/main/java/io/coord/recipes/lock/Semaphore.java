package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.ArmedWatch;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.internal.queue.ZnodeContender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits among all clients that use the same path, given out in the order in which they were asked for. Each
 * permit is a {@link Lease} that any thread may release. How many there are is a convention among the clients: each object
 * says it for itself.
 *
 * <p>The znodes are those of Curator's {@code InterProcessSemaphoreV2}: a mutex at {@code locks}, below it the clients that
 * wait for their turn, and one znode {@code _c_<uuid>-lease-<sequence>} for each permit in {@code leases}. Clients of both
 * kinds share the permits. Several permits at once are all or nothing and cannot deadlock among Coord clients; a Curator
 * client collects its permits one by one, and two of those that ask for several can wait for each other for ever, or for
 * one of ours.
 *
 * <p>Without a connection an untimed acquire waits; a session that is lost while waiting costs the place in the line, not
 * the wait. What fails leaves no permit behind. The blocking methods must not be called on threads of the client: they
 * throw {@link IllegalStateException} there.
 *
 * <p>Thread-safe: its state belongs to one serial queue.
 *
 * <pre>{@code
 * Semaphore licences = new Semaphore(client, "/licences", 5);
 * try (Lease licence = licences.acquire()) {
 *     work();
 * }
 * Optional<List<Lease>> three = licences.acquire(3, Duration.ofSeconds(1));
 * }</pre>
 */
public final class Semaphore {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_FACTOR = 32;
    private static final String TURNS = "locks";
    private static final String PERMITS = "leases";

    private final Shared shared;
    private final String purpose;

    /**
     * @param limit how many permits there are, at least 1
     * @throws io.coord.protocol.data.InvalidPathException when the path is none
     */
    public Semaphore(CoordClient client, String path, int limit) {
        this(new Shared(client, path, limit), "");
    }

    private Semaphore(Shared shared, String purpose) {
        this.shared = shared;
        this.purpose = purpose;
    }

    public String path() {
        return shared.path;
    }

    /** How many permits there are, as far as this object knows. */
    public int limit() {
        return shared.limit;
    }

    /**
     * From now on there are so many permits for this object and its views, those that wait already included. A lower limit
     * takes nothing from holders; calls that wait for more permits than that fail as new ones would. The other clients have to be told as well, for instance by a shared count that all
     * of them follow: {@code count.addListener(semaphore::limit)}.
     */
    public void limit(int limit) {
        shared.limit(limit);
    }

    /** The same permits, with a purpose that others see, see {@link HolderDescription#purpose}. */
    public Semaphore forPurpose(String why) {
        return new Semaphore(shared, HolderDescription.checkedPurpose(why));
    }

    /**
     * Waits until a permit is held.
     *
     * @throws CallInterruptedException when the thread is interrupted; nothing stays behind
     * @throws CoordException when the servers refuse; nothing stays behind
     */
    public Lease acquire() {
        return acquire(1).get(0);
    }

    /**
     * Waits until so many permits are held, all together.
     *
     * @return one lease for each, which may be released one by one
     * @throws IllegalArgumentException when the limit is lower; the wait would keep everybody else waiting
     * @throws CoordException as {@link #acquire()}
     */
    public List<Lease> acquire(int permits) {
        return Callers.await(start(permits, true, null), "acquire", path())
                .orElseThrow(() -> new IllegalStateException("an acquire without a deadline came back empty"));
    }

    /**
     * Waits until a permit is held, at most for the given time, which covers all that has to be done. Zero or less is
     * {@link #tryAcquire()}.
     *
     * @return empty when it could not be had in that time; nothing stays behind
     * @throws io.coord.client.error.RequestTimeoutException when the time passed and the servers are out of reach, without
     *     there ever having been a place in the line; nothing stays behind
     * @throws CoordException as {@link #acquire()}
     */
    public Optional<Lease> acquire(Duration wait) {
        return acquire(1, wait).map(leases -> leases.get(0));
    }

    /** As {@link #acquire(int)} and {@link #acquire(Duration)}; empty when not all of them could be had in that time. */
    public Optional<List<Lease>> acquire(int permits, Duration wait) {
        return Callers.await(start(permits, true, wait), "acquire", path());
    }

    /**
     * Takes a permit if there is one and nobody else is being served. Bounded by the client's request timeout.
     *
     * @return empty otherwise
     */
    public Optional<Lease> tryAcquire() {
        return acquire(Duration.ZERO);
    }

    /** As {@link #tryAcquire()}, so many together or none. */
    public Optional<List<Lease>> tryAcquire(int permits) {
        return acquire(permits, Duration.ZERO);
    }

    /**
     * As {@link #acquire()}, without waiting. Cancelling the stage's future gives up. The stage completes on a callback
     * thread of the client.
     */
    public CompletionStage<Lease> acquireAsync() {
        return stage(1, null, granted -> granted.orElseThrow().get(0));
    }

    /** As {@link #acquire(int)}, likewise. */
    public CompletionStage<List<Lease>> acquireAsync(int permits) {
        return stage(permits, null, Optional::orElseThrow);
    }

    /** As {@link #acquire(Duration)}, likewise. */
    public CompletionStage<Optional<Lease>> acquireAsync(Duration wait) {
        return stage(1, wait, granted -> granted.map(leases -> leases.get(0)));
    }

    /** As {@link #acquire(int, Duration)}, likewise. */
    public CompletionStage<Optional<List<Lease>>> acquireAsync(int permits, Duration wait) {
        return stage(permits, wait, granted -> granted);
    }

    private <R> CompletionStage<R> stage(
            int permits, @Nullable Duration wait, Function<Optional<List<Lease>>, R> result) {
        return CallerStages.of(
                shared.client,
                start(permits, false, wait),
                result,
                granted -> granted.ifPresent(leases -> leases.forEach(Lease::releaseAsync)));
    }

    /** @param wait null to wait as long as it takes */
    private CompletableFuture<Optional<List<Lease>>> start(int permits, boolean blocking, @Nullable Duration wait) {
        if (permits < 1) {
            throw new IllegalArgumentException("at least one permit, not " + permits);
        }
        if (permits > shared.limit) {
            throw new IllegalArgumentException(
                    permits + " permits of " + path() + ", of which there are " + shared.limit);
        }
        if (blocking) {
            CoordClient.refuseOnClientThread("acquire");
        }
        boolean immediate = wait != null && (wait.isZero() || wait.isNegative());
        PermitCall call = new PermitCall(
                permits,
                immediate,
                HolderDescription.ofCaller(Thread.currentThread().getName(), purpose)
                        .toBytes());
        Duration bound = immediate ? shared.client.requestTimeout() : wait;
        if (bound != null) {
            call.deadline = Timer.schedule(
                    shared.queue,
                    bound,
                    () -> shared.core.deadlinePassed(call, shared.client.state() == SessionState.CONNECTED));
        }
        call.result.whenComplete((leases, failure) -> {
            if (call.deadline != null) {
                call.deadline.cancel();
            }
            if (call.result.isCancelled()) {
                shared.queue.execute(() -> shared.core.cancelled(call));
            }
        });
        shared.queue.execute(() -> shared.core.acquire(call));
        return call.result;
    }

    /**
     * Who holds permits, then who waits in line for them, contenders of other clients included. Reads of two lists and of
     * each node, so the picture is that of a moment only as far as nothing changes meanwhile.
     *
     * @throws CoordException when they cannot be read
     */
    public List<LockParticipant> participants() {
        return Callers.await(participantsAsync().toCompletableFuture(), "participants", path());
    }

    /** As {@link #participants()}, without waiting. */
    public CompletionStage<List<LockParticipant>> participantsAsync() {
        LockQueue permits = new LockQueue(shared.client, shared.permits);
        int limit = shared.limit;
        return permits.participantsAsync().thenCombine(turns().participantsAsync(), (held, waiting) -> {
            List<LockParticipant> all = new ArrayList<>(granted(held, waiting, limit));
            waiting.forEach(participant -> all.add(participant.waitingOnly()));
            return List.copyOf(all);
        });
    }

    /**
     * Of the permits that exist those that somebody has got. When there are more than the limit, the last ones belong to
     * whoever has the turn and wait with it: to one call, whose znodes all hold the same.
     */
    private static List<LockParticipant> granted(List<LockParticipant> permits, List<LockParticipant> line, int limit) {
        int granted = Math.min(limit, permits.size());
        if (granted < permits.size() && !line.isEmpty()) {
            LockParticipant turn = line.get(0);
            boolean tellsCallsApart =
                    turn.holder().filter(holder -> holder.since() != null).isPresent();
            while (tellsCallsApart
                    && granted > 0
                    && permits.get(granted - 1).sessionId() == turn.sessionId()
                    && Arrays.equals(permits.get(granted - 1).data(), turn.data())) {
                granted--;
            }
        }
        return permits.subList(0, granted);
    }

    /** The line of those who wait for their turn. */
    LockQueue turns() {
        return new LockQueue(shared.client, shared.turns);
    }

    /** Asks a holder to release, as {@link LockQueue#requestRelease}; Curator's semaphores do not listen. */
    public boolean requestRelease(LockParticipant participant) {
        return new LockQueue(shared.client, shared.permits).requestRelease(participant);
    }

    /** What the views of one semaphore object share. */
    private static final class Shared implements SemaphoreCore.Port {
        final CoordClient client;
        final String path;
        final String turns;
        final String permits;
        final SerialExecutor queue;
        final SemaphoreCore core;
        volatile int limit;
        private final Map<Long, ArmedWatch> watches = new HashMap<>();

        Shared(CoordClient client, String path, int limit) {
            this.client = client;
            this.path = ZnodePath.validate(path);
            this.turns = ZnodePath.child(path, TURNS);
            this.permits = ZnodePath.child(path, PERMITS);
            this.queue = client.serialExecutor();
            this.limit = checked(limit);
            this.core = new SemaphoreCore(path, turns, permits, limit, this, this::leaseOf);
        }

        private static int checked(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("a semaphore of " + limit + " permits");
            }
            return limit;
        }

        private Lease leaseOf(Hold hold) {
            return new Lease(client, queue, core, hold);
        }

        void limit(int newLimit) {
            limit = checked(newLimit);
            queue.execute(() -> core.limit(limit));
        }

        @Override
        public Contender contend(Entrance entrance, ContenderListener listener) {
            return ZnodeContender.enter(client, queue, entrance, listener);
        }

        @Override
        public void count(long ticket, boolean watching) {
            if (watching) {
                ArmedWatch watch = new ArmedWatch(client, queue, permits, fired -> {
                    watches.remove(ticket);
                    core.permitsChanged(ticket);
                });
                watches.put(ticket, watch);
                watch.onChildren(names -> core.counted(ticket, names), failure -> {
                    watches.remove(ticket);
                    core.countFailed(ticket, failure);
                });
            } else {
                Failure.on(
                        client.getChildren().completingOn(queue).forPathAsync(permits),
                        names -> core.counted(ticket, names),
                        failure -> core.countFailed(ticket, failure));
            }
        }

        @Override
        public void unwatch(long ticket) {
            ArmedWatch watch = watches.remove(ticket);
            if (watch != null) {
                watch.withdraw();
            }
        }

        @Override
        public void pause(int failures, long ticket) {
            int factor = Math.min(LONGEST_PAUSE_FACTOR, 1 << Math.min(failures - 1, 30));
            Timer.schedule(queue, FIRST_PAUSE.multipliedBy(factor), () -> core.pauseOver(ticket));
        }
    }
}
