package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.EnsembleMembers.Change;
import io.coord.server.internal.replication.EnsembleMembers.View;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out, at the leader, the change of members that the state says is under way: first Ratis's members change, then an entry of the
 * log says that it is done, or was given up. Whoever leads next goes on from what Ratis's log and the state say, so nothing here
 * outlives a term. The links' thread.
 *
 * <p>What it proposes is looked at again when it is applied, so that nothing depends on how old the view is that it looks at.
 */
final class Reconfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(Reconfiguration.class);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_HAND_OVERS = 3;
    private static final int HAND_OVER_MS = 3_000;

    private final KnownMembers known;
    private final RaftNode node;
    private final IntPredicate synced;
    private final Consumer<Command> proposals;
    private long term = LeaderIntake.NONE;
    private @Nullable CompletableFuture<RaftNode.Outcome> underWay;
    private View seen = View.NONE;
    private long givenUp;
    private int handOvers;
    private long waitUntilNanos;

    /**
     * @param synced whether a member is connected and has the log
     * @param proposals takes what is to be in the log; what is lost comes again
     */
    Reconfiguration(KnownMembers known, RaftNode node, IntPredicate synced, Consumer<Command> proposals) {
        this.known = known;
        this.node = node;
        this.synced = synced;
        this.proposals = proposals;
    }

    /** Looks at what is to be done; called now and then. */
    void onLeading(long led) throws IOException {
        if (term != led) {
            term = led;
            underWay = null;
            givenUp = 0;
            handOvers = 0;
            waitUntilNanos = System.nanoTime();
        }
        View view = known.view();
        if (!view.equals(seen)) {
            seen = view;
            waitUntilNanos = System.nanoTime();
        }
        if (!isOver(underWay) || System.nanoTime() - waitUntilNanos < 0) {
            return;
        }
        RaftNode.Conf conf = node.conf();
        if (!conf.settled()) {
            return;
        }
        Change change = view.change();
        if (change != null) {
            carryOn(change, conf);
        } else if (!conf.rights().equals(view.current().rights())) {
            name(view.current(), conf);
        }
    }

    private boolean isOver(@Nullable CompletableFuture<RaftNode.Outcome> step) {
        if (step == null) {
            return true;
        }
        if (!step.isDone()) {
            return false;
        }
        underWay = null;
        Change change = known.view().change();
        if (change != null && step.join() == RaftNode.Outcome.REFUSED) {
            givenUp = change.id();
        }
        return true;
    }

    private void carryOn(Change change, RaftNode.Conf conf) {
        if (conf.rights().equals(change.members().rights())) {
            propose(new Command.EndReconfig(System.currentTimeMillis(), change.id(), true));
        } else if (givenUp == change.id()) {
            propose(new Command.EndReconfig(System.currentTimeMillis(), change.id(), false));
        } else if (!hasQuorum(change.members(), conf)) {
            LOG.info(
                    "The members stay as they are: of {} too few with a vote are connected and have the log",
                    change.members().rights());
            givenUp = change.id();
        } else {
            start(change, conf);
        }
    }

    private void start(Change change, RaftNode.Conf conf) {
        Optional<Integer> heir = isVoter(change.members(), known.selfId()) ? Optional.empty() : heir(change, conf);
        if (heir.isPresent() && handOvers < MOST_HAND_OVERS) {
            handOvers++;
            LOG.info("Member {} hands leadership to member {}, which keeps its vote", known.selfId(), heir.get());
            underWay = node.handOverTo(heir.get(), HAND_OVER_MS);
        } else {
            LOG.info(
                    "The members are about to change from {} to {}",
                    conf.rights(),
                    change.members().rights());
            underWay = node.setMembers(change.members().members());
        }
        waitUntilNanos = System.nanoTime();
    }

    /** Who keeps its vote and has the most of the log. */
    private Optional<Integer> heir(Change change, RaftNode.Conf conf) {
        return change.members().members().stream()
                .filter(each -> !each.observer() && conf.voters().contains(each.id()) && synced.test(each.id()))
                .map(Peer::id)
                .max(Comparator.comparingLong(node::matchIndex));
    }

    private static boolean isVoter(EnsembleMembers members, int id) {
        return members.members().stream().anyMatch(each -> each.id() == id && !each.observer());
    }

    /** Whether those who join have the log, Ratis finds out. */
    private boolean hasQuorum(EnsembleMembers next, RaftNode.Conf conf) {
        long ready = next.members().stream()
                .filter(each -> !each.observer())
                .filter(each -> each.id() == known.selfId() || !conf.contains(each.id()) || synced.test(each.id()))
                .count();
        return ready > next.voters() / 2;
    }

    /** Nobody has said yet who the members are, or a member's own settings have. */
    private void name(EnsembleMembers said, RaftNode.Conf conf) {
        List<Peer> members = new ArrayList<>();
        for (int id : conf.ids()) {
            Optional<Peer> found = known.find(id);
            if (found.isEmpty()) {
                LOG.warn("Member {} has a part in the log, and nobody knows where it is", id);
                return;
            }
            Peer each = found.get();
            members.add(new Peer(
                    id,
                    each.host(),
                    each.logPort(),
                    each.linkPort(),
                    !conf.voters().contains(id),
                    each.clientAddress()));
        }
        propose(new Command.NameMembers(
                System.currentTimeMillis(), said.version(), new EnsembleMembers(0, members).lines()));
    }

    private void propose(Command command) {
        waitUntilNanos = System.nanoTime() + AGAIN_NANOS;
        proposals.accept(command);
    }
}
