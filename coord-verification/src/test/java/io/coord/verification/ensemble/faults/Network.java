package io.coord.verification.ensemble.faults;

import io.coord.testkit.FaultProxy;
import io.coord.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A proxy for each way from one member to another, for each of its two ports, and one in front of each member for clients. One
 * thread uses it.
 */
final class Network implements AutoCloseable {
    private record Way(int from, int to) {}

    private final Map<Way, List<FaultProxy>> peers = new HashMap<>();
    private final Map<Integer, FaultProxy> clients = new HashMap<>();

    /** The port of a new proxy from one member to a port of another one. */
    int between(int from, int to, int port) {
        FaultProxy proxy = FaultProxy.to(port);
        peers.computeIfAbsent(new Way(from, to), way -> new ArrayList<>()).add(proxy);
        return proxy.port();
    }

    /** A proxy between clients and a member. */
    void inFrontOf(int member, int port) {
        clients.put(member, FaultProxy.to(port));
    }

    /** Clients get to the member by this address. */
    String address(int member) {
        return clients.get(member).connectString();
    }

    /** Nothing gets from one side to the other, nor back. */
    void part(Collection<Integer> these, Collection<Integer> those) {
        for (int each : these) {
            for (int other : those) {
                between(each, other, FaultProxy::blackhole);
                between(other, each, FaultProxy::blackhole);
            }
        }
    }

    /** What one member sends does not reach the other, whoever of them has made the connection. */
    void silence(int from, int to) {
        between(from, to, proxy -> proxy.blackhole(Direction.CLIENT_TO_SERVER));
        between(to, from, proxy -> proxy.blackhole(Direction.SERVER_TO_CLIENT));
    }

    void delay(int from, int to, Duration delay) {
        between(from, to, proxy -> proxy.delay(delay));
    }

    /** Resets all connections between two members. */
    void cut(int one, int other) {
        between(one, other, FaultProxy::cut);
        between(other, one, FaultProxy::cut);
    }

    private void between(int from, int to, Consumer<FaultProxy> what) {
        if (from != to) {
            peers.get(new Way(from, to)).forEach(what);
        }
    }

    /** Resets all connections between two members, and each new one at the moment at which it comes about. */
    void refuse(int one, int other) {
        between(one, other, FaultProxy::refuse);
        between(other, one, FaultProxy::refuse);
        cut(one, other);
    }

    void cutClients(int member) {
        clients.get(member).cut();
    }

    void blockClients(int member) {
        clients.get(member).blackhole();
    }

    /** Ends all that was done to it, but for what was cut. */
    void heal() {
        peers.values().forEach(each -> each.forEach(FaultProxy::resume));
        clients.values().forEach(FaultProxy::resume);
    }

    @Override
    public void close() {
        peers.values().forEach(each -> each.forEach(FaultProxy::close));
        clients.values().forEach(FaultProxy::close);
    }
}
