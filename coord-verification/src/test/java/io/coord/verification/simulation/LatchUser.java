package io.coord.verification.simulation;

import io.coord.client.internal.session.Repeat;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.leader.DrivenLatch;
import io.coord.recipes.leader.Leadership;
import io.coord.recipes.lock.LeaseState;
import io.coord.verification.simulation.invariant.Holder;
import io.coord.verification.simulation.invariant.Leader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A client's latch, closed now and then, leading or not, and followed by another one. */
final class LatchUser implements NamedContenders.User {
    static final String DIRECTORY = "/leader";
    private static final long MS = 1_000_000;
    private static final int TIMEOUT_MS = 1_500;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final NamedContenders contenders;
    private @Nullable Candidate candidate;
    private boolean finishing;

    LatchUser(SimulatedClient client, SimulatedCluster cluster, Random random) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.contenders = new NamedContenders(client, cluster, this);
    }

    @Override
    public void onSuspended(String prefix) {
        if (candidate != null) {
            candidate.checkStepsDown();
        }
    }

    @Override
    public void onLost(String prefix) {
        onSuspended(prefix);
    }

    void start() {
        client.process().inOwnTime((long) (random.nextDouble() * 300 * MS), () -> {
            if (!client.isOver()) {
                Candidate next = new Candidate();
                candidate = next;
                next.latch.start();
                client.endTurn();
                client.process().in((long) (random.nextDouble() * 3_000 * MS), next::close);
            }
        });
    }

    /** Nobody gives up any more, so somebody has to lead in the end. */
    void end() {
        finishing = true;
    }

    boolean isLeader() {
        Candidate present = candidate;
        return present != null
                && present.leader != null
                && present.leader.holder().certain().getAsBoolean();
    }

    private final class Candidate implements DrivenLatch.Listener {
        final DrivenLatch latch = new DrivenLatch(DIRECTORY, contenders, this);

        @Nullable
        Leader leader;

        void close() {
            if (!finishing) {
                latch.close();
                stepDown();
                client.endTurn();
            }
        }

        void checkStepsDown() {
            Leader present = leader;
            if (present != null) {
                cluster.invariants().onLeaseChanged(present.holder(), !latch.isLeader());
            }
        }

        private void stepDown() {
            Leader former = leader;
            if (former != null) {
                leader = null;
                cluster.invariants().onLeadsNoMore(former);
            }
        }

        @Override
        public void leads(Leadership leadership, Place place) {
            Holder holder = Holder.alone(
                    client.id(),
                    DIRECTORY,
                    NamedContenders.prefixOf(place),
                    place.path(),
                    leadership.fencingToken(),
                    place.session(),
                    () -> leadership.state() == LeaseState.HELD
                            && client.isLeaseAlive()
                            && client.sessionId() == place.session(),
                    client::lastingSession);
            Leader risen = new Leader(holder, this, leadership.generation());
            leader = risen;
            cluster.stats().latchesLed++;
            if (leadership.generation() > 1) {
                cluster.stats().latchesLedAgain++;
            }
            cluster.trace().add(client.process().name() + " leads by " + place.path() + ' ' + leadership.generation());
            cluster.invariants().onLeads(risen);
            work(leadership, place);
        }

        /** What a guarded write does: takes effect only while the leader's znode is there. */
        private void work(Leadership leadership, Place place) {
            if (leadership.state() != LeaseState.HELD || finishing) {
                return;
            }
            byte[] written = (place.czxid() + " of " + place.name() + ' ' + client.uniqueName())
                    .getBytes(StandardCharsets.UTF_8);
            client.call(
                    new MultiRequest(List.of(
                            new CheckVersionRequest(place.path(), -1), new SetDataRequest(DIRECTORY, written, -1))),
                    Repeat.WRITE,
                    TIMEOUT_MS,
                    null,
                    outcome -> {});
            client.process().in((long) ((0.2 + random.nextDouble()) * 400 * MS), () -> {
                work(leadership, place);
                client.endTurn();
            });
        }

        @Override
        public void leadsNoMore(Leadership leadership) {
            stepDown();
        }

        @Override
        public void retryLater() {
            client.process().inOwnTime(500 * MS, () -> {
                latch.retry();
                client.endTurn();
            });
        }

        @Override
        public void ended() {
            stepDown();
            candidate = null;
            start();
        }
    }
}
