package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.request.CreateRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.tree.TreeChange;
import java.util.HashMap;
import java.util.Map;

/** G21, by a count of its own. */
final class SequenceNumbersCount extends Invariant {
    private final Map<String, Integer> created = new HashMap<>();

    SequenceNumbersCount() {
        super("a sequence number is the count of children ever created under that parent, whatever failed in between");
    }

    @Override
    protected void onApplied(Commit commit) {
        boolean numbered = commit.command() instanceof Command.Write write
                && write.request() instanceof CreateRequest request
                && CreateMode.ofFlag(request.flags()) != null
                && CreateMode.ofFlag(request.flags()).isSequential();
        for (TreeChange each : commit.effects().changes()) {
            if (each.type() == EventType.NODE_DELETED) {
                created.remove(each.path());
            } else if (each.type() == EventType.NODE_CREATED && each.parentPath() != null) {
                int before = created.merge(each.parentPath(), 1, Integer::sum) - 1;
                if (numbered) {
                    String suffix = each.path().substring(each.path().length() - 10);
                    require(Integer.parseInt(suffix) == before, "%s was created behind %d others", each.path(), before);
                }
            }
        }
    }
}
