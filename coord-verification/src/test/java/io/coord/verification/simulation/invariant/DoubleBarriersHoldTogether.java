package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A double barrier's promises. Nobody can promise more than was true at one moment: members whose sessions end, or who give
 * up, do not ask the others.
 */
public final class DoubleBarriersHoldTogether extends Invariant {
    /** A znode of a member, over its whole life. */
    private static final class Member {
        final long session;
        boolean sawAll;
        boolean sawReady;

        Member(long session) {
            this.session = session;
        }
    }

    /** A call that waits until others have left. */
    private record Leaving(int client, Set<String> others) {}

    public static final String PATH = "/barrier2";
    public static final int QUANTITY = 4;
    private static final String READY = PATH + "/ready";

    private final History history;
    private final Map<String, Member> members = new HashMap<>();
    private final Set<String> present = new HashSet<>();
    private final Map<Object, Leaving> leaving = new HashMap<>();
    private final Map<Integer, Long> seenZxids = new HashMap<>();
    private boolean open;

    DoubleBarriersHoldTogether(History history) {
        super(
                "a member of a double barrier enters when all are there or the barrier is open, which only somebody may do who"
                        + " was there together with all; it leaves when all have gone who, as it could know, were there when it began to");
        this.history = history;
    }

    @Override
    protected void onApplied(Commit commit) {
        boolean touched = false;
        for (TreeChange each : commit.effects().changes()) {
            if (PATH.equals(each.parentPath())) {
                touched = true;
                onChild(each, commit.command());
            }
        }
        if (touched) {
            boolean all = present.size() >= QUANTITY;
            for (String each : present) {
                Member member = members.get(each);
                if (member != null) {
                    member.sawAll |= all;
                    member.sawReady |= open;
                }
            }
            leaving.values().forEach(each -> each.others().retainAll(present));
        }
    }

    private void onChild(TreeChange change, Command command) {
        boolean created = change.type() == EventType.NODE_CREATED;
        if (change.path().equals(READY)) {
            open = created;
            if (created && command instanceof Command.Write write) {
                require(
                        members.values().stream().anyMatch(each -> each.session == write.sessionId() && each.sawAll),
                        "session 0x%x opens %s, and was never there together with all",
                        write.sessionId(),
                        PATH);
            }
        } else if (created) {
            Znode node = history.reference().tree().get(change.path());
            if (node != null) {
                members.put(change.path(), new Member(node.ephemeralOwner()));
                present.add(change.path());
            }
        } else {
            present.remove(change.path());
        }
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        seenZxids.merge(client, zxid, Math::max);
    }

    @Override
    protected void onClientGone(int client) {
        seenZxids.remove(client);
        leaving.values().removeIf(each -> each.client() == client);
    }

    /** @param name of its member */
    public void onEntered(int client, String name) {
        Member member = members.get(PATH + '/' + name);
        require(member != null, "client %d enters by %s, which never was there", client, name);
        require(
                member.sawAll || member.sawReady,
                "client %d enters by %s, and there never were all, nor was the barrier open",
                client,
                name);
    }

    /**
     * @param name of its member; null when its session was lost, and then it sees the others as late as any reader may
     * @param call told again when it is over
     */
    public void onLeaves(int client, @Nullable String name, Object call) {
        Set<String> others = new HashSet<>();
        if (name != null && present.contains(PATH + '/' + name)) {
            for (String each :
                    history.at(PATH, seenZxids.getOrDefault(client, 0L)).children()) {
                others.add(PATH + '/' + each);
            }
            others.retainAll(present);
            others.remove(PATH + '/' + name);
        }
        leaving.put(call, new Leaving(client, others));
    }

    /** It does not wait for the others any more. */
    public void onGivesUp(Object call) {
        leaving.remove(call);
    }

    public void onLeft(Object call) {
        Leaving left = leaving.remove(call);
        require(
                left == null || left.others().isEmpty(),
                "a member has left, and others have been there ever since it began to: %s",
                left);
    }
}
