package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.tree.Znode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** G30, and more than it: who is certain to hold a lock holds it alone, for as long as its session's lease lasts. */
final class OneHolderPerLock extends Invariant {
    /** Written by holders only, with their tokens. */
    private static final List<String> GUARDED = List.of("/lock", "/leader");

    private final History history;
    private final Map<String, List<Holder>> holders = new HashMap<>();
    private final Map<Long, String> tokens = new HashMap<>();
    private final Map<String, Long> newestWriter = new HashMap<>();
    /** Of those that came in by queueing, by directory. */
    private final Map<String, Long> newestOfAll = new HashMap<>();

    private final Map<String, Long> newestExclusive = new HashMap<>();
    private final Map<String, Object> exclusiveOwners = new HashMap<>();

    OneHolderPerLock(History history) {
        super("a lock has one certain holder at a time, a fencing token has one holder ever, and later holders have"
                + " greater ones");
        this.history = history;
    }

    @Override
    protected void onGranted(Holder holder) {
        String before = tokens.put(holder.token(), holder.path());
        require(
                before == null || before.equals(holder.path()),
                "token %d is that of %s and %s",
                holder.token(),
                before,
                holder.path());
        require(
                holder.session() == holder.presentSession().getAsLong()
                        || holder.presentSession().getAsLong() == 0,
                "client %d was granted %s of session 0x%x, it is in 0x%x",
                holder.client(),
                holder.path(),
                holder.session(),
                holder.presentSession().getAsLong());
        Znode node = history.reference().tree().get(holder.path());
        boolean sessionIsOver = history.reference().sessions().get(holder.session()) == null;
        require(
                node != null || sessionIsOver || !holder.certain().getAsBoolean(),
                "client %d was granted %s, which is not there",
                holder.client(),
                holder.path());
        if (before == null && holder.certain().getAsBoolean()) {
            checkOrder(holder);
        }
        List<Holder> others = holders.computeIfAbsent(holder.directory(), any -> new ArrayList<>());
        others.removeIf(each -> each.path().equals(holder.path()));
        if (holder.certain().getAsBoolean()) {
            for (Holder each : others) {
                require(
                        !each.certain().getAsBoolean() || !holder.excludes(each),
                        "%s is held by client %d with token %d and by client %d with token %d",
                        holder.directory(),
                        each.client(),
                        each.token(),
                        holder.client(),
                        holder.token());
            }
        }
        others.add(holder);
    }

    /** A reader in a writer's place comes in without having queued, so its number says nothing of the order. */
    private void checkOrder(Holder holder) {
        boolean isDowngrade = holder.shares() && exclusiveOwners.getOrDefault(holder.directory(), "") == holder.owner();
        if (isDowngrade) {
            return;
        }
        long newest = (holder.shares() ? newestExclusive : newestOfAll).getOrDefault(holder.directory(), 0L);
        require(
                holder.token() > newest,
                "client %d was granted %s with token %d after token %d",
                holder.client(),
                holder.path(),
                holder.token(),
                newest);
        newestOfAll.merge(holder.directory(), holder.token(), Math::max);
        if (!holder.shares()) {
            newestExclusive.put(holder.directory(), holder.token());
            exclusiveOwners.put(holder.directory(), holder.owner());
        }
    }

    @Override
    protected void onLeft(Holder holder) {
        holders.getOrDefault(holder.directory(), new ArrayList<>())
                .removeIf(each -> each.path().equals(holder.path()));
    }

    @Override
    protected void onApplied(Commit commit) {
        if (!(commit.command() instanceof Command.Write write)
                || !(write.request() instanceof MultiRequest multi)
                || commit.effects().changes().isEmpty()
                || !(multi.ops().get(multi.ops().size() - 1) instanceof SetDataRequest set)
                || GUARDED.stream().noneMatch(set.path()::startsWith)
                || set.data() == null) {
            return;
        }
        String text = new String(set.data(), StandardCharsets.UTF_8);
        long token = Long.parseLong(text.substring(0, text.indexOf(' ')));
        long newest = newestWriter.getOrDefault(set.path(), 0L);
        require(token >= newest, "a holder with token %d wrote after one with token %d", token, newest);
        newestWriter.put(set.path(), token);
    }
}
