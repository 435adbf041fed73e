package io.coord.client.internal.session;

import io.coord.client.session.ReconnectBackoff;
import io.coord.client.spi.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Which server to try next and how long to wait before: the servers in one random order, round after round; a short random
 * moment within a round, so that clients of a server that died do not all arrive at once, and the backoff after each round
 * without success. Owned by the network thread.
 */
final class ServerRotation {
    private static final int HIGHEST_SHIFT = 30;
    private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<ServerAddress> servers;
    private final RandomGenerator random;
    private final long baseNs;
    private final long maxNs;
    private final double jitter;
    private int index;
    private int failures;

    ServerRotation(List<ServerAddress> servers, ReconnectBackoff backoff, RandomGenerator random) {
        this.servers = new ArrayList<>(servers);
        this.random = random;
        this.baseNs = backoff.base().toNanos();
        this.maxNs = backoff.max().toNanos();
        this.jitter = backoff.jitter();
        shuffle();
    }

    private void shuffle() {
        for (int i = servers.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            ServerAddress swapped = servers.get(i);
            servers.set(i, servers.get(other));
            servers.set(other, swapped);
        }
    }

    int size() {
        return servers.size();
    }

    boolean contains(ServerAddress server) {
        return servers.contains(server);
    }

    /** The one to try next. */
    void prefer(ServerAddress server) {
        int preferred = servers.indexOf(server);
        if (preferred >= 0) {
            index = preferred;
        }
    }

    /** From now on these, in a new random order. */
    void replace(List<ServerAddress> others) {
        servers.clear();
        servers.addAll(others);
        shuffle();
        index = 0;
        failures = 0;
    }

    ServerAddress next() {
        ServerAddress server = servers.get(index);
        index = (index + 1) % servers.size();
        return server;
    }

    /** A connection broke. One that did so at once counts as a failed attempt: what broke it may break the next one. */
    void lost(long livedNs) {
        failures = livedNs < STEADY_NS ? failures + 1 : 0;
    }

    void failed() {
        failures++;
    }

    /** Counts as a failure of every server: they will all refuse for the same reason. */
    void allFailed() {
        failures = (failures / servers.size() + 1) * servers.size();
    }

    /** How many times all servers have failed in a row. */
    int failedRounds() {
        return failures / servers.size();
    }

    long delayNs() {
        if (failures == 0) {
            // A server that restarts loses all its clients in one moment, and they must not come back in one.
            return jitter == 0 ? 0 : (long) (random.nextDouble() * baseNs);
        }
        if (failures % servers.size() != 0) {
            return (long) (random.nextDouble() * jitter * baseNs);
        }
        int shift = Math.min(failedRounds() - 1, HIGHEST_SHIFT);
        long full = baseNs > maxNs >> shift ? maxNs : baseNs << shift;
        return (long) (full * (1 - jitter * random.nextDouble()));
    }
}
