package io.coord.verification.simulation;

import io.coord.client.internal.session.Repeat;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import io.coord.recipes.lock.DrivenLock;
import io.coord.verification.simulation.invariant.Holder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One read-write lock object of a client: several owners in it read, write, and go from writing to reading. */
final class ReadWriteUser implements NamedContenders.User {
    static final String DIRECTORY = "/lockrw";
    private static final long MS = 1_000_000;
    private static final int TIMEOUT_MS = 1_500;
    private static final int OWNERS = 3;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final DrivenLock lock;
    private final Map<String, Hold> holds = new HashMap<>();
    private boolean ended;

    /** What an owner has, with the name that the invariants know it by. */
    private record Hold(DrivenLock.Held held, Holder holder) {}

    ReadWriteUser(SimulatedClient client, SimulatedCluster cluster, Random random) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.lock = new DrivenLock(DIRECTORY, new NamedContenders(client, cluster, this), client.serialExecutor());
    }

    void start() {
        for (int i = 0; i < OWNERS; i++) {
            pauseThenAcquire();
        }
    }

    /** Nothing new is begun. */
    void end() {
        ended = true;
    }

    private void pauseThenAcquire() {
        client.process().inOwnTime((long) ((0.1 + random.nextDouble()) * 500 * MS), () -> {
            if (!ended && !client.isOver()) {
                acquire();
                client.endTurn();
            }
        });
    }

    private void acquire() {
        Object owner = new Object();
        QueueKind kind = random.nextInt(3) == 0 ? QueueKind.WRITE : QueueKind.READ;
        DrivenLock.Attempt attempt =
                lock.acquire(owner, kind, held -> onGranted(owner, kind, held), this::pauseThenAcquire);
        client.process().in((long) (random.nextDouble() * 4_000 * MS), () -> {
            attempt.giveUp();
            client.endTurn();
        });
    }

    private Hold hold(Object owner, QueueKind kind, DrivenLock.Held held) {
        Place place = held.place();
        String prefix = NamedContenders.prefixOf(place);
        Holder holder = new Holder(
                client.id(),
                DIRECTORY,
                prefix,
                place.path(),
                place.czxid(),
                place.session(),
                () -> held.isHeld() && client.isLeaseAlive() && client.sessionId() == place.session(),
                client::lastingSession,
                kind == QueueKind.READ,
                owner);
        Hold hold = new Hold(held, holder);
        holds.put(prefix, hold);
        cluster.stats().readWriteGranted++;
        cluster.trace().add(client.process().name() + " holds " + place.path());
        cluster.invariants().onGranted(holder);
        return hold;
    }

    private void onGranted(Object owner, QueueKind kind, DrivenLock.Held held) {
        hold(owner, kind, held);
        long workNs = (long) (random.nextDouble() * 200 * MS);
        boolean goesOnReading = kind == QueueKind.WRITE && random.nextInt(3) == 0;
        client.process().in(workNs / 2, () -> {
            if (kind == QueueKind.WRITE) {
                workUnderProtection(held);
            }
        });
        client.process().in(workNs, () -> {
            if (goesOnReading && held.isHeld()) {
                downgrade(owner, held);
            } else {
                held.release();
                pauseThenAcquire();
            }
            client.endTurn();
        });
        client.endTurn();
    }

    /** The writer gives up its lease before the reader has one: its place is to be held all the time even so. */
    private void downgrade(Object owner, DrivenLock.Held writer) {
        lock.acquire(
                owner,
                QueueKind.READ,
                reader -> {
                    hold(owner, QueueKind.READ, reader);
                    cluster.stats().downgrades++;
                    client.process().in((long) (random.nextDouble() * 200 * MS), () -> {
                        reader.release();
                        pauseThenAcquire();
                        client.endTurn();
                    });
                },
                this::pauseThenAcquire);
        writer.release();
    }

    /** What a guarded write does: takes effect only while the lock's znode is there. */
    private void workUnderProtection(DrivenLock.Held held) {
        if (!held.isHeld()) {
            return;
        }
        Place place = held.place();
        byte[] written = (place.czxid() + " of " + place.name()).getBytes(StandardCharsets.UTF_8);
        client.call(
                new MultiRequest(
                        List.of(new CheckVersionRequest(place.path(), -1), new SetDataRequest(DIRECTORY, written, -1))),
                Repeat.WRITE,
                TIMEOUT_MS,
                null,
                outcome -> {});
        client.endTurn();
    }

    @Override
    public void onSuspended(String prefix) {
        Hold hold = holds.get(prefix);
        if (hold != null) {
            cluster.invariants().onLeaseChanged(hold.holder, !hold.held.isHeld());
        }
    }

    @Override
    public void onRestored(String prefix) {
        Hold hold = holds.get(prefix);
        if (hold != null && hold.held.isHeld()) {
            cluster.invariants().onGranted(hold.holder);
        }
    }

    @Override
    public void onLost(String prefix) {
        Hold hold = holds.remove(prefix);
        if (hold != null) {
            cluster.invariants().onLeaseChanged(hold.holder, hold.held.isLost());
        }
    }

    @Override
    public void onLeft(String prefix) {
        holds.remove(prefix);
    }
}
