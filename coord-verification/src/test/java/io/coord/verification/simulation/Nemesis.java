package io.coord.verification.simulation;

import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Puts things in the way, for a while; then takes them all away. */
final class Nemesis {
    private static final long MS = 1_000_000;

    private final SimulatedCluster cluster;
    private final Random random;
    private long endNs;
    private boolean healed;

    Nemesis(SimulatedCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    void start(long durationNs) {
        endNs = cluster.queue().nowNs() + durationNs;
        next();
    }

    private void next() {
        cluster.queue().in((long) ((0.1 + random.nextDouble()) * 900 * MS), () -> {
            if (!healed && cluster.queue().nowNs() < endNs) {
                strike();
                next();
            }
        });
    }

    private void strike() {
        if (cluster.ensemble() == null) {
            strikeOne();
        } else {
            strikeMany();
        }
    }

    private void strikeOne() {
        switch (random.nextInt(10)) {
            case 0 -> crash("process killed", false);
            case 1 -> crash("power lost", true);
            case 2 -> powerLostWithin();
            case 3 -> diskFull();
            case 4 -> failingSync();
            case 5 -> bitRot();
            case 6 -> pauseServer();
            default -> strikeAnywhere();
        }
    }

    private void strikeMany() {
        switch (random.nextInt(12)) {
            case 0 -> crash("process killed", false);
            case 1 -> crash("power lost", true);
            case 2 -> pauseServer();
            case 3 -> partition(false);
            case 4 -> partition(true);
            case 5, 6 -> electAnother();
            case 7 -> crashMajority();
            default -> strikeAnywhere();
        }
    }

    private void strikeAnywhere() {
        switch (random.nextInt(10)) {
            case 0, 1 -> cutConnections();
            case 2 -> blockClient(false);
            case 3 -> blockClient(true);
            case 4 -> disturb("messages lost", 0.15, 0);
            case 5 -> disturb("messages delayed", 0, 150 * MS);
            case 6 -> jumpClock();
            case 7 -> pauseClient();
            case 8 -> cluster.workload().crashOne();
            default -> slowClient();
        }
    }

    private void fault(String kind, String whom) {
        cluster.stats().fault(kind);
        cluster.trace().add("FAULT " + kind + ' ' + whom);
        cluster.invariants().onDisturbance();
    }

    private void later(double mostMs, Runnable undo) {
        cluster.queue().in((long) ((0.05 + random.nextDouble()) * mostMs * MS), () -> {
            cluster.invariants().onDisturbance();
            if (!healed) {
                undo.run();
            }
        });
    }

    private SimulatedServer anyServer() {
        // Half of the time the leader, which is where it hurts.
        Ensemble ensemble = cluster.ensemble();
        RaftMember leader = ensemble == null ? null : ensemble.leader();
        if (leader != null && random.nextBoolean()) {
            for (SimulatedServer each : cluster.servers()) {
                if (ensemble.member(each.id()) == leader) {
                    return each;
                }
            }
        }
        return cluster.servers().get(random.nextInt(cluster.servers().size()));
    }

    private void crash(String kind, boolean powerLost) {
        SimulatedServer server = anyServer();
        if (server.process().isAlive()) {
            fault(kind, server.process().name());
            kill(server, powerLost);
            later(1_500, () -> restart(server));
        }
    }

    private void kill(SimulatedServer server, boolean powerLost) {
        List<SimulatedConnection> open = cluster.network().connectionsOf(server.process());
        server.die(powerLost);
        for (SimulatedConnection each : open) {
            each.onProcessGone(server.process());
        }
    }

    private void restart(SimulatedServer server) {
        if (server.process().isAlive() && server.isLogFailed()) {
            kill(server, false);
        }
        if (!server.process().isAlive()) {
            server.start();
        }
    }

    private void crashMajority() {
        fault("all servers lose power", "");
        cluster.servers().forEach(each -> {
            if (each.process().isAlive()) {
                kill(each, true);
            }
            later(1_000, () -> restart(each));
        });
    }

    /** In the middle of one of the next operations on the disk. */
    private void powerLostWithin() {
        DiskStorage disk = cluster.disk();
        if (disk == null) {
            return;
        }
        fault("power lost within a disk operation", "s0");
        int[] left = {random.nextInt(12)};
        disk.setFault((number, operation, name) -> left[0]-- == 0 ? Outcome.CRASH : Outcome.DONE);
        later(1_500, () -> {
            disk.setFault((number, operation, name) -> Outcome.DONE);
            restart(cluster.servers().get(0));
        });
    }

    private void diskFull() {
        DiskStorage disk = cluster.disk();
        if (disk == null) {
            return;
        }
        fault("disk full", "s0");
        disk.setFault((number, operation, name) ->
                operation == Operation.WRITE || operation == Operation.CREATE ? Outcome.FULL : Outcome.DONE);
        later(800, () -> disk.setFault((number, operation, name) -> Outcome.DONE));
    }

    private void failingSync() {
        DiskStorage disk = cluster.disk();
        if (disk == null) {
            return;
        }
        fault("sync fails", "s0");
        disk.setFault((number, operation, name) -> operation == Operation.SYNC ? Outcome.FAILED : Outcome.DONE);
        later(600, () -> {
            disk.setFault((number, operation, name) -> Outcome.DONE);
            restart(cluster.servers().get(0));
        });
    }

    private void bitRot() {
        DiskStorage disk = cluster.disk();
        if (disk == null || !disk.isConfirmed()) {
            return;
        }
        fault("bit flipped", "on a copy of the disk of s0");
        String wrong = BitRot.strike(disk.copy(), random, cluster.stats());
        if (wrong != null) {
            cluster.invariants().onStuck(wrong);
        }
    }

    private void pauseServer() {
        SimulatedServer server = anyServer();
        if (server.process().isRunning()) {
            fault("server paused", server.process().name());
            server.process().pause();
            later(2_000, server.process()::resume);
        }
    }

    private void pauseClient() {
        SimulatedClient client = cluster.workload().anyClient(random);
        if (client.process().isRunning()) {
            fault("client paused", client.process().name());
            client.process().pause();
            later(3_000, client.process()::resume);
        }
    }

    private void partition(boolean oneWay) {
        fault(oneWay ? "servers cut one way" : "servers cut off", "");
        SimulatedServer alone = anyServer();
        for (SimulatedServer each : cluster.servers()) {
            if (each != alone && (cluster.servers().size() == 3 || random.nextInt(3) > 0)) {
                cluster.network().block(alone.process(), each.process());
                if (!oneWay) {
                    cluster.network().block(each.process(), alone.process());
                }
            }
        }
        later(2_500, cluster.network()::heal);
    }

    private void electAnother() {
        Ensemble ensemble = cluster.ensemble();
        if (ensemble == null) {
            return;
        }
        List<RaftMember> running = new ArrayList<>();
        for (SimulatedServer each : cluster.servers()) {
            RaftMember member = ensemble.member(each.id());
            if (each.process().isRunning() && member != null && !member.isLeading()) {
                running.add(member);
            }
        }
        RaftMember leader = ensemble.leader();
        if (leader != null && !ensemble.reachable(leader.id()).contains(leader)) {
            return;
        }
        running.removeIf(
                each -> leader != null && !ensemble.reachable(each.id()).contains(leader));
        if (!running.isEmpty()) {
            fault("another leader", "");
            running.get(random.nextInt(running.size())).runForLeader(true);
        }
    }

    private void cutConnections() {
        fault("connections cut", "");
        for (SimulatedServer server : cluster.servers()) {
            for (SimulatedConnection each : cluster.network().connectionsOf(server.process())) {
                switch (random.nextInt(4)) {
                    case 0 -> {}
                    case 1 -> each.cut("cut by the network");
                    default -> each.breakForClient("cut by the network");
                }
            }
        }
    }

    private void blockClient(boolean oneWay) {
        SimulatedClient client = cluster.workload().anyClient(random);
        fault(
                oneWay ? "client blocked one way" : "client blocked",
                client.process().name());
        boolean outwards = random.nextBoolean();
        for (SimulatedServer each : cluster.servers()) {
            if (random.nextInt(3) == 0) {
                continue;
            }
            if (!oneWay || outwards) {
                cluster.network().block(client.process(), each.process());
            }
            if (!oneWay || !outwards) {
                cluster.network().block(each.process(), client.process());
            }
        }
        later(2_500, cluster.network()::heal);
    }

    private void disturb(String kind, double loss, long delayNs) {
        fault(kind, "");
        cluster.network().disturb(loss, delayNs);
        later(2_000, () -> cluster.network().disturb(0, 0));
    }

    private void jumpClock() {
        SimulatedServer server = anyServer();
        long byMs = random.nextInt(20_000) - 10_000L;
        fault("wall clock jumps", server.process().name() + " by " + byMs);
        server.process().jumpWallClock(byMs);
    }

    private void slowClient() {
        SimulatedServer server = anyServer();
        List<ServerEnd> ends = server.ends();
        if (!ends.isEmpty() && server.process().isRunning()) {
            ServerEnd end = ends.get(random.nextInt(ends.size()));
            boolean takesSome = random.nextBoolean();
            fault(
                    takesSome ? "client takes replies slowly" : "client takes no replies",
                    "of " + server.process().name());
            end.becomeSlow();
            if (takesSome) {
                takeSlowly(server, end, (long) ((0.1 + random.nextDouble()) * 300 * MS));
            }
            server.process().in((long) (random.nextDouble() * 5_000 * MS), end::becomeQuick);
        }
    }

    private static void takeSlowly(SimulatedServer server, ServerEnd end, long everyNs) {
        server.process().in(everyNs, () -> {
            if (end.isSlow()) {
                end.take();
                takeSlowly(server, end, everyNs);
            }
        });
    }

    /** Nothing is in the way any more. */
    void heal() {
        healed = true;
        cluster.trace().add("all faults are over");
        cluster.invariants().onDisturbance();
        cluster.network().disturb(0, 0);
        cluster.network().heal();
        if (cluster.disk() != null) {
            cluster.disk().setFault((number, operation, name) -> Outcome.DONE);
        }
        for (SimulatedServer each : cluster.servers()) {
            if (each.process().isPaused()) {
                each.process().resume();
            }
            restart(each);
            each.ends().forEach(ServerEnd::becomeQuick);
        }
        cluster.workload().resumeAll();
    }
}
