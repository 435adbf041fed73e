package io.coord.verification.simulation;

import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.verification.simulation.invariant.Holder;

/**
 * The contenders of one recipe object, with names that are the same in each run. Tells the invariants who has left, and
 * the user of the recipe what becomes of each, after the recipe's core has heard of it.
 */
final class NamedContenders implements Contender.Factory {
    /** The user of the recipe; a contender is known by the prefix of its znodes. */
    interface User {
        void onSuspended(String prefix);

        void onLost(String prefix);

        default void onRestored(String prefix) {}

        default void onLeft(String prefix) {}
    }

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final User user;

    NamedContenders(SimulatedClient client, SimulatedCluster cluster, User user) {
        this.client = client;
        this.cluster = cluster;
        this.user = user;
    }

    static String prefixOf(Place place) {
        return place.name().substring(0, place.name().indexOf('-') + 1);
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
            user.onSuspended(entrance.prefix());
        }

        @Override
        public void restored() {
            core.restored();
            user.onRestored(entrance.prefix());
        }

        @Override
        public void lost() {
            core.lost();
            user.onLost(entrance.prefix());
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
            user.onLeft(entrance.prefix());
        }
    }
}
