package io.coord.verification.simulation;

import io.coord.client.internal.session.Repeat;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import io.coord.verification.simulation.invariant.Holder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lock, works under its protection, gives it back, again and again: the real core of a contender, with its wishes
 * carried out as {@code ZnodeContender} does.
 */
final class LockUser implements ContenderListener {
    private static final long MS = 1_000_000;
    private static final int TIMEOUT_MS = 1_500;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final String directory;
    private final Random random;
    private final Entrance entrance;
    private final Runnable onOver;
    private @Nullable Contender contender;
    private boolean granted;
    private boolean certain;
    private boolean leaving;
    private boolean over;
    private @Nullable Holder holder;
    private int guarded;

    LockUser(
            SimulatedClient client,
            SimulatedCluster cluster,
            String directory,
            QueueKind kind,
            Random random,
            long number,
            Runnable onOver) {
        this.client = client;
        this.cluster = cluster;
        this.directory = directory;
        this.random = random;
        this.onOver = onOver;
        this.entrance = new Entrance(directory, kind, "_c_" + client.id() + '.' + number + '-', null);
    }

    void start() {
        contender = SimulatedContender.enter(client, cluster, entrance, this);
        client.process().in((long) (random.nextDouble() * 4_000 * MS), () -> {
            // Some give up waiting.
            if (!granted && !over) {
                leave();
            }
        });
    }

    private void leave() {
        Contender present = contender;
        if (!leaving && present != null) {
            leaving = true;
            certain = false;
            present.leave();
        }
    }

    // ---- What the core tells

    @Override
    public void granted(Place place) {
        granted = true;
        certain = true;
        cluster.stats().locksGranted++;
        Holder told = Holder.alone(
                client.id(),
                directory,
                entrance.prefix(),
                place.path(),
                place.czxid(),
                place.session(),
                () -> certain && client.isLeaseAlive() && client.sessionId() == place.session(),
                client::lastingSession);
        holder = told;
        cluster.trace().add(client.process().name() + " holds " + place.path());
        cluster.invariants().onGranted(told);
        long held = (long) (random.nextDouble() * 300 * MS);
        client.process().in(held / 2, () -> workUnderProtection(place));
        client.process().in(held, this::leave);
    }

    /** What a guarded write does: takes effect only while the lock's znode is there. */
    private void workUnderProtection(Place place) {
        if (leaving || over) {
            return;
        }
        String written = place.czxid() + " of " + place.name() + ' ' + guarded++;
        client.call(
                new MultiRequest(List.of(
                        new CheckVersionRequest(place.path(), -1),
                        new SetDataRequest(directory, written.getBytes(StandardCharsets.UTF_8), -1))),
                Repeat.WRITE,
                TIMEOUT_MS,
                null,
                outcome -> {});
        client.endTurn();
    }

    @Override
    public void suspended() {
        certain = false;
    }

    @Override
    public void restored() {
        certain = !leaving;
        Holder held = holder;
        if (held != null && certain) {
            cluster.invariants().onGranted(held);
        }
    }

    @Override
    public void lost() {
        certain = false;
        end();
    }

    @Override
    public void refused(RuntimeException cause) {
        certain = false;
    }

    @Override
    public void left() {
        certain = false;
        Holder held = holder;
        cluster.invariants()
                .onLeft(
                        held != null
                                ? held
                                : Holder.alone(
                                        client.id(),
                                        directory,
                                        entrance.prefix(),
                                        "",
                                        0,
                                        client.sessionId(),
                                        () -> false,
                                        client::lastingSession));
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            onOver.run();
        }
    }
}
