package io.coord.verification.simulation;

import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.verification.simulation.invariant.Holder;
import java.util.function.Consumer;

/**
 * The contenders of one recipe object, with names that are the same in each run. Tells the invariants who has left, and
 * its owner of each doubt, after the recipe's core has heard of it.
 */
final class NamedContenders implements Contender.Factory {
    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Consumer<String> onUncertain;
    private final Consumer<String> onLeft;

    /** @param onUncertain told the prefix of whoever is suspended or lost */
    NamedContenders(SimulatedClient client, SimulatedCluster cluster, Consumer<String> onUncertain) {
        this(client, cluster, onUncertain, prefix -> {});
    }

    /** @param onLeft told the prefix of whoever has left */
    NamedContenders(
            SimulatedClient client, SimulatedCluster cluster, Consumer<String> onUncertain, Consumer<String> onLeft) {
        this.client = client;
        this.cluster = cluster;
        this.onUncertain = onUncertain;
        this.onLeft = onLeft;
    }

    @Override
    public Contender enter(Entrance entrance, ContenderListener listener) {
        String prefix = "_c_" + client.uniqueName() + '-';
        Entrance known =
                new Entrance(entrance.directory(), entrance.kind(), prefix, entrance.inherited(), entrance.data());
        return SimulatedContender.enter(client, cluster, known, new Told(known, listener));
    }

    private final class Told implements ContenderListener {
        private final Entrance entrance;
        private final ContenderListener core;

        Told(Entrance entrance, ContenderListener core) {
            this.entrance = entrance;
            this.core = core;
        }

        @Override
        public void waiting() {
            core.waiting();
        }

        @Override
        public void granted(Place place) {
            core.granted(place);
        }

        @Override
        public void suspended() {
            core.suspended();
            onUncertain.accept(entrance.prefix());
        }

        @Override
        public void restored() {
            core.restored();
        }

        @Override
        public void lost() {
            core.lost();
            onUncertain.accept(entrance.prefix());
        }

        @Override
        public void releaseRequested() {
            core.releaseRequested();
        }

        @Override
        public void refused(RuntimeException cause) {
            core.refused(cause);
        }

        @Override
        public void leaveDelayed() {
            core.leaveDelayed();
        }

        @Override
        public void left() {
            core.left();
            cluster.invariants()
                    .onLeft(Holder.alone(
                            client.id(),
                            entrance.directory(),
                            entrance.prefix(),
                            "",
                            0,
                            client.sessionId(),
                            () -> false,
                            client::lastingSession));
            onLeft.accept(entrance.prefix());
        }
    }
}
