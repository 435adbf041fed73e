package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import java.util.HashMap;
import java.util.Map;

/** G16, but for time. */
final class EphemeralsLiveWithTheirSession extends Invariant {
    private final History history;
    private final Map<String, Long> owners = new HashMap<>();

    EphemeralsLiveWithTheirSession(History history) {
        super("an ephemeral znode is there until somebody deletes it or its session ends, and no longer");
        this.history = history;
    }

    @Override
    protected void onApplied(Commit commit) {
        CoordStateMachine state = history.reference();
        for (TreeChange each : commit.effects().changes()) {
            if (each.type() == EventType.NODE_CREATED) {
                Znode node = state.tree().get(each.path());
                if (node != null && node.isEphemeral()) {
                    owners.put(each.path(), node.ephemeralOwner());
                    require(
                            state.sessions().get(node.ephemeralOwner()) != null,
                            "%s belongs to session 0x%x, which has ended",
                            each.path(),
                            node.ephemeralOwner());
                }
            } else if (each.type() == EventType.NODE_DELETED) {
                Long owner = owners.remove(each.path());
                if (owner != null && commit.command() instanceof Command.CloseSession close) {
                    require(
                            owner == close.sessionId(),
                            "%s of session 0x%x went with session 0x%x",
                            each.path(),
                            owner,
                            close.sessionId());
                }
            }
        }
        Session closed = commit.effects().closed();
        if (closed != null) {
            require(
                    !owners.containsValue(closed.id()),
                    "session 0x%x has ended and left something of %s",
                    closed.id(),
                    owners);
        }
    }
}
