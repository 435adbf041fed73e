package io.coord.verification.simulation.invariant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What latches and selectors promise: leaders that are certain, and their tasks, follow each other. */
final class OneLeaderPerElection extends Invariant {
    private final History history;
    private final Map<String, List<Leader>> leaders = new HashMap<>();
    private final IdentityHashMap<Object, Long> generations = new IdentityHashMap<>();
    private final Map<String, Leader> newest = new HashMap<>();

    OneLeaderPerElection(History history) {
        super(
                "an election has one certain leader at a time, each with a greater token than all before; a candidate leads"
                        + " once at a time, in generations that it counts");
        this.history = history;
    }

    @Override
    protected void onLeads(Leader leader) {
        Holder holder = leader.holder();
        long before = generations.getOrDefault(leader.candidate(), 0L);
        require(
                leader.generation() == before + 1,
                "a candidate of client %d leads in generation %d after generation %d",
                holder.client(),
                leader.generation(),
                before);
        generations.put(leader.candidate(), leader.generation());
        List<Leader> present = leaders.computeIfAbsent(holder.directory(), any -> new ArrayList<>());
        for (Leader each : present) {
            require(
                    each.candidate() != leader.candidate(),
                    "a candidate of client %d leads in generation %d, and generation %d has not ended",
                    holder.client(),
                    leader.generation(),
                    each.generation());
        }
        present.add(leader);
        if (leader.isCertain()) {
            boolean isThere = history.reference().tree().get(holder.path()) != null;
            boolean sessionIsOver = history.reference().sessions().get(holder.session()) == null;
            require(
                    isThere || sessionIsOver,
                    "client %d leads by %s, which is not there",
                    holder.client(),
                    holder.path());
            checkToken(leader);
        }
        checkOneIsCertain(present);
    }

    private void checkToken(Leader leader) {
        Holder holder = leader.holder();
        Leader last = newest.put(holder.directory(), leader);
        if (last != null) {
            boolean isTheSameAgain = last.candidate() == leader.candidate()
                    && last.holder().path().equals(holder.path());
            long before = last.holder().token();
            require(
                    isTheSameAgain ? holder.token() == before : holder.token() > before,
                    "client %d leads %s with token %d after client %d with token %d",
                    holder.client(),
                    holder.directory(),
                    holder.token(),
                    last.holder().client(),
                    before);
        }
    }

    private void checkOneIsCertain(List<Leader> present) {
        Leader certain = null;
        for (Leader each : present) {
            if (each.isCertain()) {
                if (certain != null) {
                    throw violation("client " + certain.holder().client() + " leads by "
                            + certain.holder().path() + ", and client "
                            + each.holder().client() + " by " + each.holder().path());
                }
                certain = each;
            }
        }
    }

    @Override
    protected void onLeadsNoMore(Leader leader) {
        leaders.getOrDefault(leader.holder().directory(), new ArrayList<>()).remove(leader);
    }

    @Override
    protected void onClientGone(int client) {
        leaders.values().forEach(each -> each.removeIf(leader -> leader.holder().client() == client));
    }

    /** Certainty comes back without anybody being told, so it is looked at often. */
    @Override
    protected void onApplied(Commit commit) {
        leaders.values().forEach(this::checkOneIsCertain);
    }
}
