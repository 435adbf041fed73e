package io.coord.verification.simulation;

import io.coord.client.session.SessionEvent;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import io.coord.recipes.leader.DrivenSelector;
import io.coord.recipes.lock.DrivenLock;
import io.coord.verification.simulation.invariant.Holder;
import io.coord.verification.simulation.invariant.Leader;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's selector: its task runs again and again, is asked to end when the leadership is in doubt, and takes its time then. */
final class SelectorUser implements RecipeUser, NamedContenders.User, DrivenSelector.World<DrivenLock.Held> {
    static final String DIRECTORY = "/selector";
    private static final long MS = 1_000_000;

    /** One run of the task. */
    private final class Task {
        final long generation;
        final DrivenLock.Held held;
        final Leader leader;
        boolean interrupted;
        boolean over;

        Task(long generation, DrivenLock.Held held) {
            this.generation = generation;
            this.held = held;
            Place place = held.place();
            this.leader = new Leader(
                    Holder.alone(
                            client.id(),
                            DIRECTORY,
                            NamedContenders.prefixOf(place),
                            place.path(),
                            place.czxid(),
                            place.session(),
                            this::isCertain,
                            client::lastingSession),
                    selector,
                    generation);
        }

        boolean isCertain() {
            return !over
                    && held.isHeld()
                    && client.isLeaseAlive()
                    && client.sessionId() == held.place().session();
        }

        void run(double mostMs) {
            client.process().in((long) (random.nextDouble() * mostMs * MS), () -> {
                if (!interrupted) {
                    end();
                }
            });
        }

        void interrupt(double mostMs) {
            if (!interrupted) {
                interrupted = true;
                client.process().in((long) (random.nextDouble() * mostMs * MS), this::end);
            }
        }

        private void end() {
            if (over) {
                return;
            }
            cluster.invariants().onLeadsNoMore(leader);
            over = true;
            if (finishing) {
                selector.close();
            }
            selector.taskEnded();
            client.endTurn();
        }
    }

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final DrivenLock lock;
    private final DrivenSelector<DrivenLock.Held> selector = new DrivenSelector<>(this);
    private final Consumer<SessionEvent> sessionEvents = this::onSessionEvent;
    private DrivenLock.@Nullable Attempt waiting;
    private @Nullable Task task;
    /** Of the contender whose place is being given back. */
    private String releasing = "";

    private boolean finishing;
    private boolean ended;

    SelectorUser(SimulatedClient client, SimulatedCluster cluster, Random random) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.lock = new DrivenLock(DIRECTORY, new NamedContenders(client, cluster, this), client.serialExecutor());
    }

    @Override
    public void start() {
        client.addListener(sessionEvents);
        selector.start();
        client.endTurn();
    }

    /** It leads once more, and no more after that. */
    @Override
    public void end() {
        finishing = true;
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public String wish() {
        return "has not led again";
    }

    @Override
    public void onSuspended(String prefix) {
        onUncertain();
    }

    @Override
    public void onLost(String prefix) {
        onUncertain();
    }

    private void onUncertain() {
        Task present = task;
        if (present != null && !present.over) {
            boolean isItsOwn = !present.held.isHeld();
            if (isItsOwn) {
                selector.stopLeading(present.generation);
            }
        }
    }

    private void onSessionEvent(SessionEvent event) {
        Task present = task;
        switch (event.type()) {
            case SUSPENDED, LOST, CLOSED -> {
                if (present != null) {
                    selector.stopLeading(present.generation);
                }
            }
            case CONNECTED, RECONNECTED, READ_ONLY -> {}
        }
        client.endTurn();
    }

    @Override
    public void acquire() {
        waiting = lock.acquire(
                new Object(),
                QueueKind.MUTEX,
                held -> {
                    selector.acquired(held);
                    client.endTurn();
                },
                () -> {
                    selector.refused(new IllegalStateException("not granted"), client.isOver());
                    client.endTurn();
                });
    }

    @Override
    public void cancelAcquire() {
        DrivenLock.Attempt attempt = waiting;
        if (attempt != null) {
            attempt.giveUp();
            attempt.whenGone(() -> {
                selector.withdrawn();
                client.endTurn();
            });
        }
    }

    @Override
    public void runTask(long generation, DrivenLock.Held held) {
        Task next = new Task(generation, held);
        task = next;
        cluster.stats().tasksRun++;
        cluster.trace()
                .add(client.process().name() + " runs its task " + generation + " by "
                        + held.place().path());
        cluster.invariants().onLeads(next.leader);
        next.run(finishing ? 50 : 400);
        if (!next.isCertain()) {
            selector.stopLeading(generation);
        }
    }

    @Override
    public void interruptTask() {
        Task present = task;
        if (present != null) {
            cluster.stats().tasksInterrupted++;
            present.interrupt(1_500);
        }
    }

    @Override
    public void release(DrivenLock.Held held) {
        String prefix = NamedContenders.prefixOf(held.place());
        releasing = prefix;
        held.release();
        // Behind the release itself: what was lost before is gone already.
        client.later(() -> {
            if (held.isLost()) {
                onLeft(prefix);
            }
        });
    }

    @Override
    public void onLeft(String prefix) {
        if (prefix.equals(releasing)) {
            releasing = "";
            client.later(selector::released);
        }
    }

    @Override
    public void retryLater() {
        client.process().inOwnTime(500 * MS, () -> {
            selector.retry();
            client.endTurn();
        });
    }

    @Override
    public void ended() {
        ended = true;
        client.removeListener(sessionEvents);
    }
}
