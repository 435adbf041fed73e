package io.coord.verification.simulation;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One life of a member of the simulated ensemble. It promises what Raft promises and nothing more: one leader a term, a
 * commit is never undone, everything else can be late, lost, or done without anybody being told. Votes are taken in one
 * moment among those that can reach each other; all else are messages.
 */
final class RaftMember implements Replicator {
    private static final long MS = 1_000_000;
    private static final long TICK_NS = 50 * MS;
    private static final long ELECTION_NS = 300 * MS;
    /** Whoever was not heard by its leader, or by a majority, for this long serves nobody. */
    private static final long CONFIRMATION_NS = 240 * MS;

    private static final long SUBMISSION_NS = 1_200 * MS;
    private static final int ENTRIES_PER_MESSAGE = 40;
    private static final double REFUSED = 0.002;

    private final Ensemble ensemble;
    private final int id;
    private final SimulatedServer server;
    private final SimulatedProcess process;
    private final Random random;
    private final RaftStorage storage;
    private final CommandCodec codec = new CommandCodec();
    private final String life;

    private @Nullable ReplicatedState state;
    private boolean ready;
    private boolean closed;
    private Role role = Role.LOOKING;

    private int leader = -1;
    private long leaderCommit = Long.MAX_VALUE;
    private long lastHeardNs;
    private long lastConfirmedNs = Long.MIN_VALUE / 2;
    private long electionNs;

    private boolean leading;
    private long termStartIndex;
    private final RaftFollowers followers;

    private final OwnSubmissions submissions = new OwnSubmissions();
    private final AppliedLog applied;

    RaftMember(Ensemble ensemble, SimulatedServer server, RaftStorage storage, Random random) {
        this.ensemble = ensemble;
        this.id = server.id();
        this.server = server;
        this.process = server.process();
        this.random = random;
        this.storage = storage;
        this.life = process.name() + '#' + process.incarnation();
        this.followers = new RaftFollowers(id, ensemble.size());
        this.applied = new AppliedLog(server, storage, random, life, submissions, this::onBatchApplied);
    }

    // ---- The port

    @Override
    public void start(ReplicatedState replicatedState) {
        if (state != null || closed) {
            throw new IllegalStateException("a replicator starts once");
        }
        state = replicatedState;
        applied.start(replicatedState);
        process.in(0, () -> {
            if (closed) {
                return;
            }
            if (storage.snapshot.index() > 0) {
                applied.restore(storage.snapshot);
            }
            lastHeardNs = process.nanoTime();
            resetElectionTimer();
            tick();
        });
    }

    @Override
    public void submit(Command command, long ticket) {
        if (closed) {
            return;
        }
        if (!ready) {
            throw new IllegalStateException("submitted before onReady");
        }
        if (role == Role.LOOKING || random.nextDouble() < REFUSED) {
            server.stats().refusedSubmissions++;
            process.in(0, () -> state().onRefused(ticket, "no leader takes it"));
            return;
        }
        ByteBuf out = Unpooled.buffer(128);
        codec.encode(command, out);
        byte[] bytes = Arrays.copyOf(out.array(), out.writerIndex());
        submissions.add(ticket, process.nanoTime(), bytes);
        long number = submissions.nextNumber();
        if (leading) {
            appendOwn(bytes, life, ticket, submissions.stream());
        } else {
            long term = storage.term;
            long sentStream = submissions.stream();
            send(leader, to -> to.onForward(term, id, life, sentStream, number, bytes, ticket));
        }
    }

    @Override
    public void tellLeader(long[] touchedSessions) {
        if (role == Role.FOLLOWER) {
            long term = storage.term;
            send(leader, to -> to.onReport(term, id, touchedSessions));
        }
    }

    @Override
    public void close(CloseCallback done) {
        closed = true;
        applied.close();
        process.in(0, () -> done.onClosed(null));
    }

    private ReplicatedState state() {
        ReplicatedState target = state;
        if (target == null) {
            throw new IllegalStateException("not started");
        }
        return target;
    }

    // ---- Time

    private void tick() {
        if (!closed) {
            check();
            process.inOwnTime(TICK_NS, this::tick);
        }
    }

    /** Also first of all when the process stood still: what waited meanwhile must not be answered by a leader of the past. */
    void check() {
        if (electionNs == 0 || closed) {
            return;
        }
        long now = process.nanoTime();
        if (leading) {
            if (ensemble.isMajority(1 + followers.heardSince(now - CONFIRMATION_NS))) {
                broadcast();
            } else {
                stepDown("no majority answers");
            }
        } else {
            if (now - lastHeardNs > electionNs) {
                runForLeader(false);
            }
            if (role == Role.FOLLOWER && now - lastConfirmedNs > CONFIRMATION_NS) {
                looking("not heard by a leader");
            }
        }
        if (submissions.hasOlderThan(now - SUBMISSION_NS)) {
            breakStream("no answer in time");
        }
    }

    private void resetElectionTimer() {
        electionNs = ELECTION_NS + (long) (random.nextDouble() * ELECTION_NS);
    }

    // ---- Elections

    /** @param forced whether voters forget that they have a leader, as in a transfer of leadership */
    void runForLeader(boolean forced) {
        lastHeardNs = process.nanoTime();
        resetElectionTimer();
        List<RaftMember> voters = new ArrayList<>();
        for (RaftMember each : ensemble.reachable(id)) {
            if (each == this || each.votesFor(this, forced)) {
                voters.add(each);
            }
        }
        if (closed || leading || !ensemble.isMajority(voters.size())) {
            return;
        }
        long term = voters.stream().mapToLong(each -> each.storage.term).max().orElseThrow() + 1;
        for (RaftMember each : forced ? ensemble.reachable(id) : voters) {
            each.onElected(term, each == this);
        }
        server.trace("leads term " + term + " with " + voters.size() + " votes");
        server.stats().leaderChanges++;
        server.invariants().onDisturbance();
        leading = true;
        leader = id;
        followers.begin(storage.lastIndex(), process.nanoTime());
        appendOwn(RaftEntry.NO_COMMAND, life, NO_TICKET, 0);
        termStartIndex = storage.lastIndex();
    }

    private boolean votesFor(RaftMember candidate, boolean forced) {
        boolean hasLeader = leading || (leader >= 0 && process.nanoTime() - lastHeardNs < ELECTION_NS);
        boolean upToDate = candidate.storage.lastTerm() != storage.lastTerm()
                ? candidate.storage.lastTerm() > storage.lastTerm()
                : candidate.storage.lastIndex() >= storage.lastIndex();
        return upToDate && (forced || !hasLeader);
    }

    private void onElected(long term, boolean self) {
        storage.term = term;
        lastHeardNs = process.nanoTime();
        if (leading && !self) {
            stepDown("another one was elected");
        } else if (leader >= 0) {
            leader = -1;
            breakStream("a new leader");
        }
    }

    private void stepDown(String why) {
        leading = false;
        leader = -1;
        looking(why);
    }

    private void looking(String why) {
        breakStream(why);
        if (role != Role.LOOKING) {
            become(Role.LOOKING);
        }
    }

    private void become(Role next) {
        role = next;
        server.trace("is " + next);
        server.invariants().onRole(id, next);
        state().onRoleChanged(next);
        if (next != Role.LOOKING && !ready) {
            ready = true;
            state().onReady();
        }
        server.endTurn();
    }

    private void followIfCaughtUp() {
        if (!leading
                && role == Role.LOOKING
                && leader >= 0
                && process.nanoTime() - lastConfirmedNs <= CONFIRMATION_NS
                && applied.appliedIndex() >= leaderCommit) {
            become(Role.FOLLOWER);
        }
    }

    // ---- The leader

    private void appendOwn(byte[] command, String origin, long ticket, long originOfStream) {
        storage.append(new RaftEntry(storage.lastIndex() + 1, storage.term, command, origin, ticket, originOfStream));
        long last = storage.lastIndex();
        long term = storage.term;
        process.in(syncNs(), () -> {
            if (storage.term == term && leading) {
                storage.sync(last);
                advanceCommit();
            }
        });
        broadcast();
    }

    private long syncNs() {
        return MS / 2 + (long) (random.nextDouble() * 2 * MS);
    }

    private void broadcast() {
        for (int each = 0; each < ensemble.size(); each++) {
            if (each != id) {
                sendEntries(each);
            }
        }
    }

    private void sendEntries(int to) {
        long term = storage.term;
        long echo = followers.echoNs(to);
        long sentNs = process.nanoTime();
        long next = followers.nextIndex(to);
        if (next <= storage.baseIndex) {
            RaftStorage.Snapshot snapshot = storage.snapshot;
            followers.sent(to, snapshot.index() + 1);
            server.stats().snapshotsSent++;
            send(to, member -> member.onInstall(term, id, snapshot, echo, sentNs));
            return;
        }
        long previous = next - 1;
        long previousTerm = storage.termAt(previous);
        List<RaftEntry> entries = storage.from(next, ENTRIES_PER_MESSAGE);
        followers.sent(to, next + entries.size());
        long commit = applied.commitIndex();
        send(to, member -> member.onAppend(term, id, previous, previousTerm, entries, commit, echo, sentNs));
    }

    private void onForward(
            long term, int from, String fromLife, long fromStream, long number, byte[] command, long ticket) {
        if (!leading || term != storage.term) {
            send(from, to -> to.onBroken(fromLife, fromStream));
            return;
        }
        switch (followers.forwarded(from, fromLife, fromStream, number)) {
            case IN_ORDER -> appendOwn(command, fromLife, ticket, fromStream);
            case OUTDATED -> {}
            case BEHIND_A_GAP -> send(from, to -> to.onBroken(fromLife, fromStream));
        }
    }

    private void onReport(long term, int from, long[] sessions) {
        if (leading && term == storage.term && role == Role.LEADER) {
            server.invariants().onTouched(id, sessions);
            state().onTouched(from, sessions);
        }
    }

    /**
     * @param sentNs when the follower sent it, on its clock
     * @param askedNs when this leader had sent what it answers
     */
    private void onAppendReply(long term, int from, boolean accepted, long index, long sentNs, long askedNs) {
        if (term > storage.term) {
            storage.term = term;
            if (leading) {
                stepDown("there is a newer term");
            }
        }
        if (!leading || term != storage.term) {
            return;
        }
        followers.heard(from, askedNs, sentNs);
        if (accepted) {
            followers.accepted(from, index);
            advanceCommit();
        } else {
            followers.rejected(from, index);
            sendEntries(from);
        }
    }

    private void advanceCommit() {
        long majority = followers.majorityIndex(storage.syncedIndex());
        if (majority > applied.commitIndex() && storage.termAt(majority) == storage.term) {
            applied.commit(majority);
            broadcast();
        }
    }

    // ---- The follower

    private boolean acceptsLeader(long term, int from, long echo) {
        if (term < storage.term || closed) {
            return false;
        }
        boolean isNew = term > storage.term || leader != from;
        storage.term = term;
        if (leading) {
            stepDown("there is a newer leader");
        }
        if (isNew) {
            breakStream("a new leader");
            if (role == Role.FOLLOWER) {
                become(Role.FOLLOWER);
            }
        }
        leader = from;
        lastHeardNs = process.nanoTime();
        lastConfirmedNs = Math.max(lastConfirmedNs, echo);
        return true;
    }

    private void onAppend(
            long term,
            int from,
            long previous,
            long previousTerm,
            List<RaftEntry> entries,
            long commit,
            long echo,
            long askedNs) {
        long sentNs = process.nanoTime();
        if (!acceptsLeader(term, from, echo)) {
            long newer = storage.term;
            send(from, to -> to.onAppendReply(newer, id, false, 0, sentNs, askedNs));
            return;
        }
        if (previous > storage.baseIndex && storage.termAt(previous) != previousTerm) {
            long hint = Math.min(storage.lastIndex(), previous - 1);
            send(from, to -> to.onAppendReply(term, id, false, hint, sentNs, askedNs));
            return;
        }
        for (RaftEntry each : entries) {
            if (each.index() <= storage.baseIndex) {
                continue;
            }
            if (storage.holds(each.index()) && storage.termAt(each.index()) != each.term()) {
                if (each.index() <= applied.commitIndex()) {
                    throw new IllegalStateException("the simulated consensus undoes a commit");
                }
                storage.truncate(each.index());
            }
            if (!storage.holds(each.index())) {
                storage.append(each);
            }
        }
        long last = Math.max(previous + entries.size(), storage.baseIndex);
        leaderCommit = commit;
        applied.commit(Math.min(commit, last));
        followIfCaughtUp();
        process.in(syncNs(), () -> {
            if (storage.term == term) {
                storage.sync(last);
                send(from, to -> to.onAppendReply(term, id, true, last, sentNs, askedNs));
            }
        });
    }

    private void onInstall(long term, int from, RaftStorage.Snapshot snapshot, long echo, long askedNs) {
        long sentNs = process.nanoTime();
        if (!acceptsLeader(term, from, echo)) {
            return;
        }
        if (snapshot.index() > applied.appliedIndex()) {
            server.trace("installs the snapshot of " + snapshot.index());
            server.stats().snapshotsInstalled++;
            looking("behind by a snapshot");
            storage.install(snapshot);
            applied.restore(snapshot);
        }
        send(from, to -> to.onAppendReply(term, id, true, snapshot.index(), sentNs, askedNs));
    }

    // ---- Submissions of this member

    private void onBroken(String brokenLife, long brokenStream) {
        if (life.equals(brokenLife) && submissions.stream() == brokenStream) {
            breakStream("something on the way to the leader was lost");
        }
    }

    /** Nobody here can know what becomes of what is under way; what comes from now on is another stream. */
    private void breakStream(String why) {
        List<OwnSubmissions.Lost> lost = submissions.breakOff();
        server.stats().unknownSubmissions += lost.size();
        for (OwnSubmissions.Lost each : lost) {
            state().onUnknown(each.ticket(), why);
            if (server.mutation().repeatsUnknownSubmissions()) {
                process.in(700 * MS, () -> repeat(each.command()));
            }
        }
        if (!lost.isEmpty()) {
            server.endTurn();
        }
    }

    /** A bug that is planted: nobody may repeat what may have happened. */
    private void repeat(byte[] command) {
        if (leading) {
            appendOwn(command, life, NO_TICKET, submissions.stream());
        } else if (role == Role.FOLLOWER) {
            long number = submissions.nextNumber();
            long term = storage.term;
            long sentStream = submissions.stream();
            send(leader, to -> to.onForward(term, id, life, sentStream, number, command, NO_TICKET));
        }
    }

    private void onBatchApplied() {
        if (leading && role != Role.LEADER && applied.appliedIndex() >= termStartIndex) {
            become(Role.LEADER);
        }
        followIfCaughtUp();
    }

    private void send(int to, Consumer<RaftMember> message) {
        if (to >= 0) {
            ensemble.send(id, to, message);
        }
    }

    int id() {
        return id;
    }

    long term() {
        return storage.term;
    }

    boolean isLeading() {
        return leading;
    }

    boolean isDone() {
        return applied.isDone() && submissions.isEmpty();
    }
}
