package io.coord.verification.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What lies between processes. Each direction of each pair can be blocked by itself. Between servers a message that is
 * blocked or unlucky is lost; on a connection of a client, as TCP has it, bytes come late or the connection breaks.
 */
final class SimulatedNetwork {
    private static final long SHORTEST_NS = 100_000;
    private static final long SPREAD_NS = 1_000_000;
    private static final long RETRANSMISSION_NS = 200_000_000;

    private final EventQueue queue;
    private final Random random;
    private final Set<String> blocked = new HashSet<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private final Map<String, Long> lastArrivals = new HashMap<>();
    private double loss;
    private long extraDelayNs;
    long lostMessages;

    SimulatedNetwork(EventQueue queue, Random random) {
        this.queue = queue;
        this.random = random;
    }

    void block(SimulatedProcess from, SimulatedProcess to) {
        blocked.add(from.name() + '>' + to.name());
    }

    void heal() {
        blocked.clear();
        loss = 0;
        extraDelayNs = 0;
        for (SimulatedConnection each : List.copyOf(connections)) {
            each.onUnblocked();
        }
    }

    void disturb(double newLoss, long newExtraDelayNs) {
        loss = newLoss;
        extraDelayNs = newExtraDelayNs;
    }

    boolean isBlocked(SimulatedProcess from, SimulatedProcess to) {
        return blocked.contains(from.name() + '>' + to.name());
    }

    long latencyNs() {
        long extra = extraDelayNs == 0 ? 0 : (long) (random.nextDouble() * extraDelayNs);
        return SHORTEST_NS + (long) (random.nextDouble() * SPREAD_NS) + extra;
    }

    /** A segment of a connection that is lost is sent again. */
    long segmentLatencyNs() {
        return latencyNs() + (random.nextDouble() < loss ? RETRANSMISSION_NS : 0);
    }

    /** A message between servers, which may never arrive; those that do arrive in order. */
    void send(SimulatedProcess from, SimulatedProcess to, Runnable onArrival) {
        if (isBlocked(from, to) || random.nextDouble() < loss) {
            lostMessages++;
            return;
        }
        String pair = from.name() + '>' + to.name();
        long arrivalNs = Math.max(lastArrivals.getOrDefault(pair, 0L) + 1, queue.nowNs() + latencyNs());
        lastArrivals.put(pair, arrivalNs);
        queue.in(arrivalNs - queue.nowNs(), () -> {
            if (isBlocked(from, to)) {
                lostMessages++;
            } else if (to.isAlive()) {
                to.in(0, onArrival);
            }
        });
    }

    void opened(SimulatedConnection connection) {
        connections.add(connection);
    }

    void closed(SimulatedConnection connection) {
        connections.remove(connection);
    }

    /** The connections of a process, oldest first. */
    List<SimulatedConnection> connectionsOf(SimulatedProcess process) {
        return connections.stream().filter(each -> each.touches(process)).toList();
    }
}
