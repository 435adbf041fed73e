package io.coord.verification.simulation;

import io.coord.client.session.SessionState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.verification.simulation.invariant.InvariantViolation;
import io.coord.verification.simulation.invariant.Invariants;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Servers and clients in one thread, under simulated time: everything follows from the seed. Every fourth seed is one server
 * on the real log over a simulated disk, the others are three or five servers that share a simulated replicated log.
 */
final class SimulatedCluster {
    private static final long MS = 1_000_000;
    private static final long SETUP_NS = 20_000 * MS;
    private static final long FAULTS_NS = 14_000 * MS;
    private static final long RECOVERY_NS = 8_000 * MS;
    private static final long FINISH_NS = 12_000 * MS;
    private static final long QUIET_NS = 300 * MS;
    private static final int CLIENTS = 4;
    private static final long MOST_EVENTS = 600_000;

    /** How a run ended. */
    record Result(
            long seed,
            long traceHash,
            Statistics stats,
            @Nullable Throwable failure,
            List<String> trace) {}

    private final long seed;
    private final Mutation mutation;
    private final EventQueue queue = new EventQueue();
    private final Trace trace = new Trace(queue);
    private final Statistics stats = new Statistics();
    private final SimulatedNetwork network;
    private final Invariants invariants = new Invariants(queue::nowNs, SimulatedServer.TICK_MS);
    private final List<SimulatedServer> servers = new ArrayList<>();
    private final @Nullable Ensemble ensemble;
    private final @Nullable DiskStorage disk;
    private final Workload workload;
    private final Nemesis nemesis;

    SimulatedCluster(long seed, Mutation mutation) {
        this.seed = seed;
        this.mutation = mutation;
        this.network = new SimulatedNetwork(queue, random(1));
        int size = sizeOf(seed);
        if (size == 1) {
            DiskStorage storage = new DiskStorage(random(2));
            disk = storage;
            ensemble = null;
            addServer(0, storage);
        } else {
            Ensemble members = new Ensemble(network, random(2), size);
            ensemble = members;
            disk = null;
            for (int i = 0; i < size; i++) {
                int id = i;
                members.add(addServer(id, new SimulatedServer.Storage() {
                            @Override
                            public Replicator newReplicator(SimulatedServer server) {
                                return members.newMember(server);
                            }

                            @Override
                            public void onDeath(boolean powerLost) {
                                if (powerLost) {
                                    members.storage(id).losePower();
                                }
                            }
                        })
                        .process());
            }
        }
        this.workload = new Workload(this, random(3), CLIENTS);
        this.nemesis = new Nemesis(this, random(4));
    }

    private static int sizeOf(long seed) {
        if (seed % 4 == 0) {
            return 1;
        }
        return seed % 10 == 7 ? 5 : 3;
    }

    private SimulatedServer addServer(int id, SimulatedServer.Storage storage) {
        SimulatedProcess process = new SimulatedProcess("s" + id, queue, random(100 + id));
        SimulatedServer server =
                new SimulatedServer(id, process, random(200 + id), invariants, trace, stats, mutation, storage);
        servers.add(server);
        return server;
    }

    Random random(int part) {
        return new Random(seed * 1_000_003L + part);
    }

    EventQueue queue() {
        return queue;
    }

    Trace trace() {
        return trace;
    }

    Statistics stats() {
        return stats;
    }

    SimulatedNetwork network() {
        return network;
    }

    Invariants invariants() {
        return invariants;
    }

    Mutation mutation() {
        return mutation;
    }

    List<SimulatedServer> servers() {
        return servers;
    }

    @Nullable
    Ensemble ensemble() {
        return ensemble;
    }

    @Nullable
    DiskStorage disk() {
        return disk;
    }

    SeededRecipe seededRecipe() {
        return SeededRecipe.of(seed);
    }

    Workload workload() {
        return workload;
    }

    Result run() {
        Throwable failure = null;
        try {
            servers.forEach(SimulatedServer::start);
            workload.setUp();
            runUntil(queue.nowNs() + SETUP_NS, workload::isSetUp);
            if (!workload.isSetUp()) {
                invariants.onStuck("nothing can be set up");
            }
            workload.start();
            nemesis.start(FAULTS_NS);
            runUntil(queue.nowNs() + FAULTS_NS, () -> false);
            nemesis.heal();
            runUntil(queue.nowNs() + RECOVERY_NS, () -> false);
            workload.finish();
            runUntil(queue.nowNs() + FINISH_NS, workload::isFinished);
            // What was told on the way arrives.
            runUntil(queue.nowNs() + QUIET_NS, () -> false);
            runUntil(queue.nowNs() + QUIET_NS, workload::isFinished);
            checkEnd();
        } catch (InvariantViolation e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new AssertionError("the simulation broke: " + e, e);
        }
        servers.forEach(each -> each.die(false));
        stats.simulatedMs = queue.nowNs() / MS;
        return new Result(seed, trace.hash(), stats, failure, trace.tail());
    }

    private void runUntil(long endNs, java.util.function.BooleanSupplier done) {
        while (!done.getAsBoolean() && queue.runNext(endNs)) {
            stats.events++;
            invariants.check();
            if (stats.events > MOST_EVENTS) {
                invariants.onStuck("more events than any honest run has: something goes round in circles");
            }
        }
        invariants.check();
    }

    private void checkEnd() {
        long last = invariants.history().lastPosition();
        Long digest = null;
        for (SimulatedServer each : servers) {
            CoordStateMachine state = each.state();
            if (state == null || !each.process().isRunning()) {
                invariants.onStuck(each.process().name() + " is not running");
            } else if (each.position() != last) {
                invariants.onStuck(each.process().name() + " is at position " + each.position() + " of " + last);
            } else if (digest == null) {
                digest = state.digest();
            } else if (state.digest() != digest) {
                invariants.onStuck(each.process().name() + " ends with another state");
            }
        }
        // Who broke a promise of its own may be why others cannot work.
        invariants.atEnd();
        if (!workload.isFinished()) {
            invariants.onStuck("not everybody can work again: " + workload.unfinished());
        }
        invariants.check();
    }

    /** Opens a connection for a client; null is told when it is refused, and nothing when nobody hears of it. */
    void connect(
            SimulatedClient client, int to, SimulatedConnection.End end, Consumer<@Nullable SimulatedConnection> told) {
        SimulatedServer server = servers.get(to);
        int life = client.process().incarnation();
        queue.in(network.latencyNs(), () -> {
            if (network.isBlocked(client.process(), server.process())) {
                return;
            }
            if (!server.process().isAlive()) {
                answer(client, server, life, () -> told.accept(null));
                return;
            }
            server.process().in(0, () -> {
                SimulatedConnection connection =
                        new SimulatedConnection(queue, network, client.process(), server.process());
                ServerEnd accepted = client.process().incarnation() == life ? server.accept(connection) : null;
                if (accepted == null) {
                    network.closed(connection);
                    answer(client, server, life, () -> told.accept(null));
                    return;
                }
                connection.attach(end, accepted);
                accepted.open();
                answer(client, server, life, () -> told.accept(connection));
            });
        });
    }

    private void answer(SimulatedClient client, SimulatedServer server, int life, Runnable answer) {
        queue.in(network.latencyNs(), () -> {
            if (!network.isBlocked(server.process(), client.process())
                    && client.process().incarnation() == life) {
                client.process().in(0, answer);
            }
        });
    }

    /** Whether a client that was served goes on being served. */
    static boolean isConnected(SimulatedClient client) {
        return client.state() == SessionState.CONNECTED;
    }
}
