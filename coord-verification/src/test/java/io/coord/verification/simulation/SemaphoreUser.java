package io.coord.verification.simulation;

import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.lock.DrivenLock;
import io.coord.recipes.lock.DrivenSemaphore;
import io.coord.verification.simulation.invariant.Holder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One semaphore object of a client: its callers take one permit or two, work, and give them back. */
final class SemaphoreUser implements RecipeUser, NamedContenders.User, DrivenSemaphore.World {
    static final String PATH = "/semaphore";
    static final String TURNS = PATH + "/turns";
    static final String PERMITS = PATH + "/permits";
    private static final int LIMIT = 3;
    private static final int CALLERS = 2;
    private static final long MS = 1_000_000;
    private static final long FIRST_PAUSE_NS = 50 * MS;
    private static final int TIMEOUT_MS = 1_500;

    private record Permit(DrivenLock.Held held, Holder holder) {}

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final DrivenSemaphore semaphore;
    private final Map<String, Permit> permits = new HashMap<>();
    private final Set<Long> watches = new HashSet<>();
    private boolean finishing;
    private int callersLeft = CALLERS;

    SemaphoreUser(SimulatedClient client, SimulatedCluster cluster, Random random) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.semaphore = new DrivenSemaphore(
                PATH, TURNS, PERMITS, LIMIT, new NamedContenders(client, cluster, this), this, client.serialExecutor());
    }

    @Override
    public void start() {
        for (int i = 0; i < CALLERS; i++) {
            pauseThenAcquire();
        }
    }

    /** Each caller acquires once more, however long it has to wait. */
    @Override
    public void end() {
        finishing = true;
    }

    @Override
    public boolean isEnded() {
        return callersLeft == 0;
    }

    @Override
    public String wish() {
        return "waits for permits";
    }

    @Override
    public void onLost(String prefix) {
        onSuspended(prefix);
    }

    @Override
    public void onSuspended(String prefix) {
        Permit permit = permits.get(prefix);
        if (permit != null) {
            cluster.invariants().onLeaseChanged(permit.holder, !permit.held.isHeld());
        }
    }

    private void pauseThenAcquire() {
        client.process().inOwnTime((long) ((0.1 + random.nextDouble()) * 400 * MS), () -> {
            if (!client.isOver()) {
                acquire();
                client.endTurn();
            }
        });
    }

    private void acquire() {
        boolean isLast = finishing;
        int wanted = 1 + random.nextInt(2);
        boolean immediate = !isLast && random.nextInt(6) == 0;
        DrivenSemaphore.Attempt attempt = semaphore.acquire(
                wanted, immediate, granted -> onGranted(wanted, granted, isLast), this::pauseThenAcquire);
        if (!isLast) {
            client.process().in((long) (random.nextDouble() * 3_000 * MS), () -> {
                attempt.giveUp();
                client.endTurn();
            });
        }
    }

    private void onGranted(int wanted, List<DrivenLock.Held> granted, boolean isLast) {
        if (granted.size() != wanted) {
            cluster.invariants().onStuck(granted.size() + " permits were granted instead of " + wanted);
        }
        List<Permit> held = new ArrayList<>();
        for (DrivenLock.Held each : granted) {
            Place place = each.place();
            String prefix = NamedContenders.prefixOf(place);
            Holder holder = Holder.alone(
                    client.id(),
                    PERMITS,
                    prefix,
                    place.path(),
                    place.czxid(),
                    place.session(),
                    () -> each.isHeld() && client.isLeaseAlive() && client.sessionId() == place.session(),
                    client::lastingSession);
            Permit permit = new Permit(each, holder);
            permits.put(prefix, permit);
            held.add(permit);
            cluster.stats().permitsGranted++;
            cluster.trace().add(client.process().name() + " has permit " + place.path());
            cluster.invariants().onPermit(holder, LIMIT);
        }
        client.process().in((long) (random.nextDouble() * 200 * MS), () -> {
            for (Permit each : held) {
                cluster.invariants().onPermitReleased(each.holder);
                permits.remove(each.holder.prefix());
                each.held.release();
            }
            if (isLast) {
                callersLeft--;
            } else {
                pauseThenAcquire();
            }
            client.endTurn();
        });
    }

    // ---- What the core wants

    @Override
    public void count(long ticket, boolean watching) {
        WatchArming arming = null;
        if (watching) {
            watches.add(ticket);
            arming = client.watch(WatchKind.CHILD, PERMITS, event -> {
                if (watches.remove(ticket)) {
                    semaphore.permitsChanged(ticket);
                    client.endTurn();
                }
            });
        }
        client.call(
                new GetChildrenRequest(OpCode.GET_CHILDREN2, PERMITS, watching),
                Repeat.READ,
                TIMEOUT_MS,
                arming,
                outcome -> answered(ticket, outcome));
    }

    private void answered(long ticket, SimulatedClient.CallOutcome outcome) {
        @Nullable RuntimeException thrown = outcome.failure();
        if (thrown == null) {
            semaphore.counted(ticket, ((GetChildren2Response) outcome.response()).children());
        } else {
            watches.remove(ticket);
            semaphore.countFailed(ticket, Failure.of(thrown));
        }
    }

    @Override
    public void unwatch(long ticket) {
        watches.remove(ticket);
    }

    @Override
    public void pause(int failures, long ticket) {
        client.process().inOwnTime(FIRST_PAUSE_NS << Math.min(failures - 1, 4), () -> {
            semaphore.pauseOver(ticket);
            client.endTurn();
        });
    }
}
