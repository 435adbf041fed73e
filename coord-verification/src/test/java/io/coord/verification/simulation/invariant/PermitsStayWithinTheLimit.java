package io.coord.verification.simulation.invariant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A semaphore's promise. */
final class PermitsStayWithinTheLimit extends Invariant {
    private final History history;
    private final Map<String, List<Holder>> holders = new HashMap<>();
    private final Map<String, Integer> limits = new HashMap<>();
    private final Set<String> granted = new HashSet<>();

    PermitsStayWithinTheLimit(History history) {
        super("of a semaphore never more permits are held with certainty than there are, and each has one holder ever");
        this.history = history;
    }

    @Override
    protected void onPermit(Holder holder, int limit) {
        require(granted.add(holder.path()), "%s was granted twice", holder.path());
        require(
                history.reference().tree().get(holder.path()) != null
                        || history.reference().sessions().get(holder.session()) == null
                        || !holder.certain().getAsBoolean(),
                "client %d was granted %s, which is not there",
                holder.client(),
                holder.path());
        limits.put(holder.directory(), limit);
        List<Holder> present = holders.computeIfAbsent(holder.directory(), any -> new ArrayList<>());
        present.add(holder);
        check(holder.directory(), present);
    }

    private void check(String directory, List<Holder> present) {
        int limit = limits.getOrDefault(directory, 0);
        if (present.size() > limit) {
            List<String> certain = new ArrayList<>();
            for (Holder each : present) {
                if (each.certain().getAsBoolean()) {
                    certain.add(each.path() + " by client " + each.client());
                }
            }
            require(certain.size() <= limit, "of %d permits are held %s", limit, certain);
        }
    }

    @Override
    protected void onPermitReleased(Holder holder) {
        holders.getOrDefault(holder.directory(), new ArrayList<>()).remove(holder);
    }

    @Override
    protected void onClientGone(int client) {
        holders.values().forEach(each -> each.removeIf(holder -> holder.client() == client));
    }

    /** Certainty comes back without anybody being told, so it is looked at often. */
    @Override
    protected void onApplied(Commit commit) {
        holders.forEach(this::check);
    }
}
