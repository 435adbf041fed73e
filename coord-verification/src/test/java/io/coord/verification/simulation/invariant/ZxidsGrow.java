package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.Stat;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;

/** G23; that replicas agree on them is {@link ReplicasAgree}'s. */
final class ZxidsGrow extends Invariant {
    private final History history;
    private long last;

    ZxidsGrow(History history) {
        super("each transaction has the next zxid, and no znode has one from the future");
        this.history = history;
    }

    @Override
    protected void onApplied(Commit commit) {
        long zxid = commit.effects().zxid();
        boolean takesOne =
                commit.command() instanceof Command.Write || commit.command() instanceof Command.CreateSession;
        require(zxid == last + 1 || (zxid == last && !takesOne), "zxid 0x%x behind 0x%x", zxid, last);
        last = zxid;
        for (TreeChange each : commit.effects().changes()) {
            Znode node = history.reference().tree().get(each.path());
            if (node != null) {
                Stat stat = node.stat();
                require(
                        stat.czxid() <= stat.mzxid() && stat.czxid() <= stat.pzxid() && stat.mzxid() <= zxid,
                        "%s has %s at zxid 0x%x",
                        each.path(),
                        stat,
                        zxid);
            }
        }
    }
}
