package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import java.util.HashMap;
import java.util.Map;

/** What a recipe says of its znode when it says that it has left. */
final class ReleasedLocksLeaveNothing extends Invariant {
    private final History history;
    private final Map<String, Holder> left = new HashMap<>();

    ReleasedLocksLeaveNothing(History history) {
        super("who says that it has left its queue has no znode there, and none will appear");
        this.history = history;
    }

    @Override
    protected void onLeft(Holder holder) {
        Znode directory = history.reference().tree().get(holder.directory());
        if (directory == null) {
            return;
        }
        left.put(holder.directory() + '/' + holder.prefix(), holder);
        for (String each : history.reference().tree().childNames(directory)) {
            if (each.startsWith(holder.prefix())) {
                check(holder, holder.directory() + '/' + each);
            }
        }
    }

    @Override
    protected void onApplied(Commit commit) {
        for (TreeChange each : commit.effects().changes()) {
            int end = each.path().indexOf('-');
            if (each.type() == EventType.NODE_CREATED && end > 0) {
                Holder holder = left.get(each.path().substring(0, end + 1));
                if (holder != null) {
                    check(holder, each.path());
                }
            }
        }
    }

    /** What is left of an earlier session goes with it. */
    private void check(Holder holder, String path) {
        Znode node = history.reference().tree().get(path);
        require(
                node == null || node.ephemeralOwner() != holder.presentSession().getAsLong(),
                "client %d has left, and %s is there",
                holder.client(),
                path);
    }
}
