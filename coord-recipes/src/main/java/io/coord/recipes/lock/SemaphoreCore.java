package io.coord.recipes.lock;

import io.coord.client.error.RequestTimeoutException;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may have permits of one semaphore, in two steps. A mutex decides whose turn it is; who has the turn creates all the
 * znodes of its permits and waits until there are no more of them than the limit allows, all clients' together. So one
 * client at a time looks at the list of permits, and an answer that is a little old can only show too many of them. It
 * knows neither client nor clock.
 */
final class SemaphoreCore implements LeaseKeeper {
    /** What the core has done for it. Answers come on the core's queue and never from within the call itself. */
    interface Port {
        Contender contend(Entrance entrance, ContenderListener listener);

        /**
         * Lists the permits that exist. Answer: {@code counted} or {@code countFailed} with the same ticket; with a watch,
         * {@code permitsChanged} after that when one comes or goes.
         */
        void count(long ticket, boolean watching);

        /** The watch of this ticket is not needed any more, whether there is one or not. */
        void unwatch(long ticket);

        /** Calls {@code pauseOver} with the ticket after a while that grows with the number of failures in a row. */
        void pause(int failures, long ticket);
    }

    private final String path;
    private final String turns;
    private final String permits;
    private final Port port;
    private final LockCore.LeaseFactory leases;
    private final Map<PermitCall, Attempt> attempts = new LinkedHashMap<>();
    private int limit;
    private long tickets;

    /**
     * @param path of the semaphore
     * @param turns the queue in which clients wait for their turn
     * @param permits the directory of the permits' znodes
     */
    SemaphoreCore(String path, String turns, String permits, int limit, Port port, LockCore.LeaseFactory leases) {
        this.path = path;
        this.turns = turns;
        this.permits = permits;
        this.limit = limit;
        this.port = port;
        this.leases = leases;
    }

    void acquire(PermitCall call) {
        if (call.result.isDone()) {
            return;
        }
        if (call.permits > limit) {
            call.result.completeExceptionally(tooMany(call));
        } else {
            new Attempt(call).start();
        }
    }

    /** A lower limit takes nothing from those who have permits. Those who wait for more than it would wait for ever. */
    void limit(int newLimit) {
        limit = newLimit;
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.call.permits > limit) {
                fail(attempt.call, tooMany(attempt.call));
            } else {
                attempt.lookAgain();
            }
        }
    }

    private IllegalArgumentException tooMany(PermitCall call) {
        return new IllegalArgumentException(call.permits + " permits of " + path + ", of which there are " + limit);
    }

    /**
     * Ends a call whose time is over.
     *
     * @param connected whether the servers are in reach, so that it was others or its own haste that kept it out
     */
    void deadlinePassed(PermitCall call, boolean connected) {
        if (call.hasWaited || (connected && !call.immediate)) {
            giveUp(call);
        } else if (call.result.completeExceptionally(new RequestTimeoutException(
                "acquire", path, "the servers were out of reach, no place in the queue was reached in time"))) {
            abandon(call);
        }
    }

    /** The caller does not want it any more. */
    void cancelled(PermitCall call) {
        abandon(call);
    }

    private void giveUp(PermitCall call) {
        if (call.result.complete(Optional.empty())) {
            abandon(call);
        }
    }

    private void fail(PermitCall call, RuntimeException cause) {
        call.result.completeExceptionally(cause);
        abandon(call);
    }

    private void abandon(PermitCall call) {
        Attempt attempt = attempts.get(call);
        if (attempt != null) {
            attempt.end();
        }
    }

    @Override
    public void release(Lease lease) {
        Hold hold = lease.hold();
        if (!hold.leases.remove(lease)) {
            return;
        }
        lease.released(!hold.isUsable());
        if (hold.isUsable()) {
            hold.release(lease);
        }
    }

    // ---- answers of the port

    void counted(long ticket, List<String> names) {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.isWaitingFor(ticket)) {
                attempt.counted(names);
            }
        }
    }

    void countFailed(long ticket, Failure failure) {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.isWaitingFor(ticket)) {
                attempt.countFailed(failure);
            }
        }
    }

    /** The watch fired. It may do so before {@link #counted} tells what was there when it was set. */
    void permitsChanged(long ticket) {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.countTicket == ticket) {
                attempt.changedEarly = true;
            } else if (attempt.watchTicket == ticket) {
                attempt.watchTicket = 0;
                attempt.step();
            }
        }
    }

    void pauseOver(long ticket) {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.pauseTicket == ticket) {
                attempt.pauseTicket = 0;
                attempt.step();
            }
        }
    }

    /** One place in the line and the permits that are created when its turn has come. */
    private final class Attempt {
        private final PermitCall call;
        private final List<Permit> held = new ArrayList<>();
        private @Nullable Contender turn;
        private boolean hasTurn;
        private boolean over;
        private long countTicket;
        private boolean countsWithWatch;
        private boolean changedEarly;
        private long watchTicket;
        private long pauseTicket;
        private int failures;

        Attempt(PermitCall call) {
            this.call = call;
        }

        void start() {
            attempts.put(call, this);
            Contender contender =
                    port.contend(Entrance.atTheEnd(turns, QueueKind.MUTEX).withData(call.data), new Turn());
            turn = contender;
            if (over) {
                contender.leave();
            }
        }

        /** What there is to do next, as far as nothing is under way. */
        void step() {
            if (over || !hasTurn || countTicket != 0 || watchTicket != 0 || pauseTicket != 0) {
                return;
            }
            while (held.size() < call.permits && !over) {
                Permit permit = new Permit(this);
                held.add(permit);
                permit.enter();
            }
            if (!over && held.stream().allMatch(Permit::isCertain)) {
                countTicket = ++tickets;
                // Most calls need not wait, and leave no watch behind.
                countsWithWatch = call.hasWaited;
                changedEarly = false;
                port.count(countTicket, countsWithWatch);
            }
        }

        boolean isWaitingFor(long ticket) {
            return countTicket == ticket;
        }

        void counted(List<String> names) {
            long ticket = countTicket;
            countTicket = 0;
            Set<String> present = new HashSet<>(names);
            List<Permit> missing = held.stream()
                    .filter(permit -> !present.contains(permit.name()))
                    .toList();
            if (countsWithWatch && !changedEarly) {
                watchTicket = ticket;
            }
            if (!missing.isEmpty()) {
                // Somebody deletes what is not theirs. Whoever is gone is replaced when it has noticed.
                stopWatching();
                missing.forEach(Permit::verify);
                pause();
            } else if (held.size() < call.permits || !held.stream().allMatch(Permit::isCertain)) {
                stopWatching();
                step();
            } else if (names.size() <= limit) {
                grant();
            } else {
                failures = 0;
                call.hasWaited = true;
                if (call.immediate) {
                    giveUp(call);
                } else if (watchTicket == 0) {
                    step();
                }
            }
        }

        void countFailed(Failure failure) {
            countTicket = 0;
            switch (failure.kind()) {
                case FINAL -> fail(call, failure.cause());
                case NO_NODE -> {
                    held.forEach(Permit::verify);
                    pause();
                }
                case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> pause();
            }
        }

        private void pause() {
            pauseTicket = ++tickets;
            port.pause(++failures, pauseTicket);
        }

        /** The limit or the certainty of a permit has changed. */
        void lookAgain() {
            stopWatching();
            step();
        }

        private void stopWatching() {
            if (watchTicket != 0) {
                port.unwatch(watchTicket);
                watchTicket = 0;
            }
        }

        private void stopCounting() {
            stopWatching();
            if (countTicket != 0) {
                port.unwatch(countTicket);
                countTicket = 0;
            }
        }

        private void grant() {
            List<Lease> granted = new ArrayList<>(held.size());
            for (Permit permit : held) {
                granted.add(permit.grant());
            }
            held.clear();
            end();
            if (!call.result.complete(Optional.of(List.copyOf(granted)))) {
                granted.forEach(SemaphoreCore.this::release);
            }
        }

        /** Gives up its place in the line, and the permits that nobody has got yet. */
        private void end() {
            if (over) {
                return;
            }
            over = true;
            attempts.remove(call, this);
            stopCounting();
            List<Permit> ungranted = List.copyOf(held);
            held.clear();
            ungranted.forEach(Permit::leave);
            if (turn != null) {
                turn.leave();
            }
        }

        private void startOver() {
            end();
            acquire(call);
        }

        private final class Turn implements ContenderListener {
            @Override
            public void waiting() {
                call.hasWaited = true;
                if (call.immediate) {
                    giveUp(call);
                }
            }

            @Override
            public void granted(Place place) {
                hasTurn = true;
                step();
            }

            @Override
            public void suspended() {
                // Its permits notice the same, and nothing is decided without them.
            }

            @Override
            public void restored() {
                step();
            }

            @Override
            public void lost() {
                hasTurn = false;
                if (!over) {
                    startOver();
                }
            }

            @Override
            public void refused(RuntimeException cause) {
                if (!over) {
                    fail(call, cause);
                }
            }

            @Override
            public void left() {
                hasTurn = false;
            }
        }
    }

    /** The znode of one permit, before and after somebody has got it. */
    private final class Permit implements ContenderListener {
        private final Attempt attempt;
        private @Nullable Contender contender;
        private @Nullable Hold hold;

        Permit(Attempt attempt) {
            this.attempt = attempt;
        }

        void enter() {
            contender = port.contend(Entrance.atTheEnd(permits, QueueKind.LEASE).withData(attempt.call.data), this);
        }

        boolean isCertain() {
            return hold != null && hold.state() == LeaseState.HELD;
        }

        String name() {
            return hold == null ? "" : hold.place.name();
        }

        void verify() {
            if (contender != null) {
                contender.verify();
            }
        }

        void leave() {
            if (contender != null) {
                contender.leave();
            }
        }

        Lease grant() {
            Hold present = hold;
            if (present == null) {
                throw new IllegalStateException("a permit without a znode");
            }
            present.users = 1;
            Lease lease = leases.leaseOf(present);
            present.leases.add(lease);
            return lease;
        }

        @Override
        public void granted(Place place) {
            Contender self = contender;
            if (self == null) {
                throw new IllegalStateException("granted from within its own start");
            }
            hold = new Hold(QueueKind.LEASE, place, null, self);
            attempt.step();
        }

        @Override
        public void suspended() {
            if (hold != null) {
                hold.state(LeaseState.SUSPECT);
            }
        }

        @Override
        public void restored() {
            if (hold != null) {
                hold.state(LeaseState.HELD);
                attempt.lookAgain();
            }
        }

        @Override
        public void lost() {
            if (hold != null) {
                hold.lose();
            }
            if (attempt.held.remove(this)) {
                attempt.lookAgain();
            }
        }

        @Override
        public void releaseRequested() {
            if (hold != null) {
                hold.requestRelease();
            }
        }

        @Override
        public void refused(RuntimeException cause) {
            if (attempt.held.remove(this)) {
                fail(attempt.call, cause);
            }
        }

        @Override
        public void leaveDelayed() {
            if (hold != null) {
                hold.releaseDelayed();
            }
        }

        @Override
        public void left() {
            if (hold != null) {
                hold.left();
            }
        }
    }
}
