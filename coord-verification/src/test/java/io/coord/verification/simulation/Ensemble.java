package io.coord.verification.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The members that share a simulated replicated log: who they are now, and how a message gets to them. */
final class Ensemble {
    private final SimulatedNetwork network;
    private final Random random;
    private final List<RaftStorage> storages = new ArrayList<>();
    private final List<@Nullable RaftMember> members = new ArrayList<>();
    private final List<SimulatedProcess> processes = new ArrayList<>();

    Ensemble(SimulatedNetwork network, Random random, int size) {
        this.network = network;
        this.random = random;
        for (int i = 0; i < size; i++) {
            storages.add(new RaftStorage());
            members.add(null);
        }
    }

    void add(SimulatedProcess process) {
        processes.add(process);
    }

    /** A new life of a member, on what its earlier ones have stored. */
    RaftMember newMember(SimulatedServer server) {
        RaftMember member = new RaftMember(this, server, storages.get(server.id()), random);
        members.set(server.id(), member);
        server.process().onResume(member::check);
        return member;
    }

    RaftStorage storage(int id) {
        return storages.get(id);
    }

    int size() {
        return storages.size();
    }

    boolean isMajority(int count) {
        return count > size() / 2;
    }

    /** The running members that hear this one and are heard by it; itself among them. */
    List<RaftMember> reachable(int from) {
        List<RaftMember> reachable = new ArrayList<>();
        for (int each = 0; each < size(); each++) {
            RaftMember member = members.get(each);
            boolean whole = each == from
                    || (!network.isBlocked(processes.get(from), processes.get(each))
                            && !network.isBlocked(processes.get(each), processes.get(from)));
            if (member != null && processes.get(each).isRunning() && whole) {
                reachable.add(member);
            }
        }
        return reachable;
    }

    void send(int from, int to, Consumer<RaftMember> message) {
        network.send(processes.get(from), processes.get(to), () -> {
            RaftMember member = members.get(to);
            if (member != null) {
                message.accept(member);
            }
        });
    }

    @Nullable
    RaftMember leader() {
        RaftMember newest = null;
        for (RaftMember each : members) {
            if (each != null && each.isLeading() && (newest == null || each.term() > newest.term())) {
                newest = each;
            }
        }
        return newest;
    }

    @Nullable
    RaftMember member(int id) {
        return members.get(id);
    }
}
