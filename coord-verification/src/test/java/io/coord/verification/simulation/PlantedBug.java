package io.coord.verification.simulation;

import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogFile;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.verification.patch.PatchedClasses;
import io.coord.verification.patch.PatchedClasses.Replacement;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Bugs that others have had, or that we fear, and the invariants that must notice them. Most are a change to a copy of a
 * source file; those of consensus and disk stand behind their ports.
 */
enum PlantedBug {
    WATCHES_LOST_ON_RECONNECT(
            "coord-client/src/main/java/io/coord/client/internal/session/SessionCore.java",
            "rearming.requests(watches, session.lastZxid())",
            "java.util.List.<SetWatchesRequest>of()",
            "WatchesComeBeforeNewerData"),
    WRITES_REPEATED_BY_THE_CLIENT(
            "coord-client/src/main/java/io/coord/client/internal/session/PendingCalls.java",
            "if (call.repeat == Repeat.WRITE) {",
            "if (call.repeat == null) {",
            "AcknowledgedWritesHappened"),
    SNAPSHOT_WITHOUT_COUNTERS(
            "coord-server-embedded/src/main/java/io/coord/server/internal/state/StateRestore.java",
            "sessions.restoreNextId(chunk.readLong());",
            "chunk.readLong();",
            "ReplicasAgree",
            "SessionsEndOnce"),
    LOCK_GRANTED_ON_A_ZNODE_OF_ANOTHER_SESSION(
            "coord-recipes/src/main/java/io/coord/recipes/internal/queue/ContenderCore.java",
            List.of(
                    new Replacement("} else if (place.session() != port.session()) {", "} else if (false) {"),
                    new Replacement(
                            "own.stray() == null && place.session() == port.session() && connected",
                            "own.stray() == null && connected"),
                    new Replacement(
                            "        stopWaiting();\n        own.forget();\n        if (goal",
                            "        stopWaiting();\n        if (goal")),
            "OneHolderPerLock",
            "OneLeaderPerElection"),
    WRITERS_WAIT_FOR_WRITERS_ONLY(
            "coord-recipes/src/main/java/io/coord/recipes/internal/queue/QueueKind.java",
            "return this == READ;",
            "return this == READ || this == WRITE;",
            "OneHolderPerLock"),
    SUSPENDED_LEASES_STAY_CERTAIN(
            "coord-recipes/src/main/java/io/coord/recipes/lock/LockCore.java",
            "hold.state(LeaseState.SUSPECT);",
            "hold.state(LeaseState.HELD);",
            "LostLeasesAreTold"),
    LATCH_LEADS_WHILE_SERVERS_ARE_SILENT(
            "coord-recipes/src/main/java/io/coord/recipes/leader/LatchCore.java",
            "            if (!closing) {\n                stepDown();\n            }\n",
            "",
            "LostLeasesAreTold"),
    LATCH_DOES_NOT_COUNT(
            "coord-recipes/src/main/java/io/coord/recipes/leader/LatchCore.java",
            "port.leadership(++generation, place)",
            "port.leadership(generation + 1, place)",
            "OneLeaderPerElection"),
    SELECTOR_DOES_NOT_WAIT_FOR_ITS_TASK(
            "coord-recipes/src/main/java/io/coord/recipes/leader/SelectorCore.java",
            "            port.interruptTask();\n",
            "            port.interruptTask();\n            taskEnded();\n",
            "OneLeaderPerElection"),
    PERMITS_OF_ONE_CALL_COUNT_AS_NONE(
            "coord-recipes/src/main/java/io/coord/recipes/lock/SemaphoreCore.java",
            "names.size() <= limit",
            "names.size() - held.size() < limit",
            "PermitsStayWithinTheLimit"),
    CACHE_TAKES_A_NEW_ZNODE_FOR_THE_OLD_ONE(
            SeededRecipe.CACHE,
            "coord-recipes/src/main/java/io/coord/recipes/cache/CacheCopy.java",
            "before.stat().czxid() != stat.czxid()",
            "before.stat().czxid() > stat.czxid()",
            "CachesShowTheTree"),
    CACHE_DOES_NOT_COMPARE_AFTER_AN_ABSENCE(
            SeededRecipe.CACHE,
            "coord-recipes/src/main/java/io/coord/recipes/cache/CacheCore.java",
            "        compare(entry(scope.root()));\n        proceed();",
            "        if (!initialized) {\n            compare(entry(scope.root()));\n        }\n        proceed();",
            "CachesShowTheTree"),
    KEPT_ZNODE_IS_NOT_LOOKED_AFTER(
            SeededRecipe.KEPT_ZNODE,
            "coord-recipes/src/main/java/io/coord/recipes/internal/node/KeptNodeCore.java",
            "    void changed() {\n        look();\n",
            "    void changed() {\n",
            "KeptZnodesAreThere",
            // Whoever waits for somebody else's znode to go does not see that it is gone.
            "CallsEnd"),
    KEPT_ZNODE_REPLACES_WHAT_IS_NOT_ITS_OWN(
            SeededRecipe.KEPT_ZNODE,
            "coord-recipes/src/main/java/io/coord/recipes/internal/node/KeptNodeCore.java",
            "ownSessions.contains(there.owner()) || mayReplace(there)",
            "ownSessions.contains(there.owner()) || !everInPlace",
            "KeptZnodesAreThere"),
    BARRIER_PASSED_WITHOUT_AN_ANSWER(
            SeededRecipe.BARRIER,
            "coord-recipes/src/main/java/io/coord/recipes/barrier/BarrierCore.java",
            List.of(
                    new Replacement("case NO_NODE -> {", "case NO_NODE, UNKNOWN, TRANSIENT -> {"),
                    new Replacement(
                            "case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> {",
                            "case SESSION_OVER, NODE_EXISTS -> {")),
            "BarriersHoldBack"),
    BARRIER_SLEEPS_ON(
            SeededRecipe.BARRIER,
            "coord-recipes/src/main/java/io/coord/recipes/barrier/BarrierCore.java",
            "            watching = false;\n            step();",
            "            step();",
            "CallsEnd"),
    DOUBLE_BARRIER_COUNTS_ONE_TOO_MANY(
            SeededRecipe.BARRIER,
            "coord-recipes/src/main/java/io/coord/recipes/barrier/DoubleBarrierCore.java",
            "members.size() >= quantity",
            "members.size() + 1 >= quantity",
            "DoubleBarriersHoldTogether"),
    DOUBLE_BARRIER_LEFT_ALONE(
            SeededRecipe.BARRIER,
            "coord-recipes/src/main/java/io/coord/recipes/barrier/DoubleBarrierCore.java",
            "} else if (!others.isEmpty() && waitsForOthers) {",
            "} else if (false) {",
            "DoubleBarriersHoldTogether"),
    CONSUMER_DOES_NOT_LOOK_AGAIN(
            SeededRecipe.WORK_QUEUE,
            "coord-recipes/src/main/java/io/coord/recipes/workqueue/ConsumerCore.java",
            "    void changed() {\n        stale = true;\n",
            "    void changed() {\n",
            "ItemsAreHandled"),
    QUIET_SNAPSHOT_SAYS_TOO_MUCH(
            "coord-server-embedded/src/main/java/io/coord/server/internal/replication/SnapshotTaker.java",
            "cut == null && !stopped && isWorthwhile()) {\n            begin(appliedIndex);",
            "cut == null && !stopped && isWorthwhile()) {\n            begin(appliedIndex + 1);",
            "ReplicasAgree",
            "AcknowledgedWritesHappened",
            "CallsEnd"),
    SILENT_SESSIONS_STAY(
            "coord-server-embedded/src/main/java/io/coord/server/internal/session/SessionExpiry.java",
            "                proposal.expire(next.sessionId);\n",
            "",
            "SilentSessionsExpire"),
    SLOW_TAKERS_ARE_DEAD(
            "coord-server-embedded/src/main/java/io/coord/server/internal/pipeline/ClientConnection.java",
            "takenBytes > before && (repliesWait || outbound.isBlocked())",
            "takenBytes < before",
            "NoSessionExpiresEarly"),
    RELEASE_THAT_FORGETS(
            "coord-recipes/src/main/java/io/coord/recipes/internal/queue/ContenderCore.java",
            "            case NO_NODE, FINAL -> deleted();\n"
                    + "            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> {",
            "            case NO_NODE, FINAL, UNKNOWN, TRANSIENT -> deleted();\n"
                    + "            case SESSION_OVER, NODE_EXISTS -> {",
            "ReleasedLocksLeaveNothing"),
    READS_BEFORE_OWN_WRITES(
            "coord-server-embedded/src/main/java/io/coord/server/internal/pipeline/AnswersInTurn.java",
            "if (connection.queue.isEmpty()) {",
            "if (connection != null) {",
            "RepliesComeInOrder"),
    EVENTS_BEHIND_THE_REPLY(
            "coord-server-embedded/src/main/java/io/coord/server/internal/pipeline/CommittedCommands.java",
            List.of(
                    new Replacement("watches.onChanges(effects.changes(), effects.zxid());", ""),
                    new Replacement(
                            "if (effects.closed() != null) {",
                            "watches.onChanges(effects.changes(), effects.zxid());\nif (effects.closed() != null) {")),
            "WatchesComeBeforeNewerData",
            "PersistentWatchesMissNothing"),
    SESSIONS_EXPIRE_EARLY(
            "coord-server-embedded/src/main/java/io/coord/server/internal/session/SessionExpiry.java",
            "Math.floorDiv(nowMs + timeoutMs, tickMs)",
            "Math.floorDiv(nowMs + timeoutMs / 2, tickMs)",
            "NoSessionExpiresEarly"),
    NEW_LEADER_WITHOUT_FULL_TIMEOUT(
            "coord-server-embedded/src/main/java/io/coord/server/internal/pipeline/AttachedSessions.java",
            "case LEADER -> state.sessions().all().forEach(this::watch);",
            "case LEADER -> state.sessions().all().forEach(e -> expiry.track(e.id(), 1, clock.monotonicMs()));",
            "NoSessionExpiresEarly"),
    READS_ARE_NO_SIGN_OF_LIFE(
            "coord-server-embedded/src/main/java/io/coord/server/internal/pipeline/AttachedSessions.java",
            "            connection.reportsLeft = REPORTS;\n        }\n    }",
            "            connection.reportsLeft = 0;\n        }\n    }",
            "NoSessionExpiresEarly",
            "OneHolderPerLock",
            "OneLeaderPerElection",
            "PermitsStayWithinTheLimit"),
    MOVED_SESSION_STILL_WRITES(
            "coord-server-embedded/src/main/java/io/coord/server/internal/state/CoordStateMachine.java",
            "if (session.attachment() != write.attachment()) {",
            "if (session.attachment() < write.attachment()) {",
            "SessionsEndOnce"),
    EPHEMERALS_OUTLIVE_THEIR_SESSION(
            "coord-server-embedded/src/main/java/io/coord/server/internal/state/CoordStateMachine.java",
            "        for (Znode each : tree.ephemeralsOf(session.id())) {",
            "        for (Znode each : java.util.List.<Znode>of()) {",
            "EphemeralsLiveWithTheirSession"),
    TIME_OF_THE_REPLICA(
            "coord-server-embedded/src/main/java/io/coord/server/internal/state/CoordStateMachine.java",
            "lastTimeMs = Math.max(lastTimeMs, command.timeMs());",
            "lastTimeMs = lastTimeMs + 1 + System.identityHashCode(this) % 7;",
            "ReplicasAgree",
            "AcknowledgedWritesHappened",
            "ReadsShowOneMoment"),
    FAILED_TRANSACTION_LEAVES_SOMETHING(
            "coord-server-embedded/src/main/java/io/coord/server/internal/state/TreeWrites.java",
            "edit.rollback();",
            "",
            "TransactionsAreAtomic",
            "SequenceNumbersCount"),
    ANSWERED_BEFORE_COMMIT(
            new Mutation() {
                @Override
                public Replicator replicator(Replicator real, SimulatedProcess process) {
                    return new AnswersBeforeCommit(real, process);
                }
            },
            "ReplicasAgree",
            "AcknowledgedWritesHappened"),
    ACKNOWLEDGED_BEFORE_SYNC(
            new Mutation() {
                @Override
                public LogDirectory directory(LogDirectory real) {
                    return new NeverSynced(real);
                }
            },
            "AcknowledgedWritesHappened",
            "ReplicasAgree",
            // The log itself says that something is missing, and does not start.
            "CallsEnd"),
    UNKNOWN_SUBMISSION_REPEATED(
            new Mutation() {
                @Override
                public boolean repeatsUnknownSubmissions() {
                    return true;
                }
            },
            "AcknowledgedWritesHappened");

    /** A run of a seed that gives the name of the invariant that was broken, or nothing. */
    @FunctionalInterface
    private interface World {
        LongFunction<String> create() throws IOException;
    }

    @SuppressWarnings("ImmutableEnumChecker")
    private final World world;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> noticedBy;

    private final @Nullable SeededRecipe recipe;

    /** The first that notices the bug, where that is not the first of all that come to it. */
    private static final Map<PlantedBug, Long> LATER_SEEDS = new EnumMap<>(Map.of(
            LATCH_LEADS_WHILE_SERVERS_ARE_SILENT, 2L,
            LATCH_DOES_NOT_COUNT, 3L,
            SELECTOR_DOES_NOT_WAIT_FOR_ITS_TASK, 2L,
            QUIET_SNAPSHOT_SAYS_TOO_MUCH, 12L,
            SLOW_TAKERS_ARE_DEAD, 136L,
            MOVED_SESSION_STILL_WRITES, 42L,
            ACKNOWLEDGED_BEFORE_SYNC, 4L));

    PlantedBug(String source, String from, String to, String... noticedBy) {
        this(source, List.of(new Replacement(from, to)), noticedBy);
    }

    PlantedBug(String source, List<Replacement> replacements, String... noticedBy) {
        this(null, () -> patched(source, replacements), noticedBy);
    }

    PlantedBug(SeededRecipe recipe, String source, String from, String to, String... noticedBy) {
        this(recipe, source, List.of(new Replacement(from, to)), noticedBy);
    }

    PlantedBug(SeededRecipe recipe, String source, List<Replacement> replacements, String... noticedBy) {
        this(recipe, () -> patched(source, replacements), noticedBy);
    }

    PlantedBug(Mutation mutation, String... noticedBy) {
        this(null, () -> seed -> PatchedRun.nameOf(new SimulatedCluster(seed, mutation).run()), noticedBy);
    }

    PlantedBug(@Nullable SeededRecipe recipe, World world, String... noticedBy) {
        this.recipe = recipe;
        this.world = world;
        this.noticedBy = Set.of(noticedBy);
    }

    @SuppressWarnings("unchecked")
    private static LongFunction<String> patched(String source, List<Replacement> replacements) throws IOException {
        return PatchedClasses.newInstance(source, replacements, PatchedRun.class, LongFunction.class);
    }

    /** Whether a run of that seed comes to where the bug is. */
    boolean concerns(long seed) {
        return recipe == null || SeededRecipe.of(seed) == recipe;
    }

    /** That noticed the bug when somebody last searched from the first on. */
    long knownSeed() {
        Long later = LATER_SEEDS.get(this);
        return later != null
                ? later
                : LongStream.iterate(1, seed -> seed + 1)
                        .filter(this::concerns)
                        .findFirst()
                        .orElseThrow();
    }

    LongFunction<String> world() throws IOException {
        return world.create();
    }

    Set<String> noticedBy() {
        return noticedBy;
    }

    /** Tells its own server of a commit as soon as it is submitted. */
    private static final class AnswersBeforeCommit implements Replicator {
        private final Replicator real;
        private final SimulatedProcess process;
        private final Set<Long> told = new HashSet<>();
        private ReplicatedState state;

        AnswersBeforeCommit(Replicator real, SimulatedProcess process) {
            this.real = real;
            this.process = process;
        }

        @Override
        public void start(ReplicatedState target) {
            state = target;
            real.start((ReplicatedState) Proxy.newProxyInstance(
                    ReplicatedState.class.getClassLoader(),
                    new Class<?>[] {ReplicatedState.class},
                    (proxy, method, arguments) -> {
                        boolean settles =
                                Set.of("onCommitted", "onUnknown", "onRefused").contains(method.getName());
                        int ticketAt = method.getName().equals("onCommitted") ? 1 : 0;
                        if (settles && told.remove((Long) arguments[ticketAt])) {
                            return null;
                        }
                        return method.invoke(target, arguments);
                    }));
        }

        @Override
        public void submit(Command command, long ticket) {
            told.add(ticket);
            process.in(0, () -> state.onCommitted(command, ticket));
            real.submit(command, ticket);
        }

        @Override
        public void tellLeader(long[] touchedSessions) {
            real.tellLeader(touchedSessions);
        }

        @Override
        public void close(CloseCallback done) {
            real.close(done);
        }
    }

    /** A disk whose files say that they are synced and are not. */
    private record NeverSynced(LogDirectory real) implements LogDirectory {
        @Override
        public List<String> list() throws IOException {
            return real.list();
        }

        @Override
        public LogFile create(String name) throws IOException {
            return new LazyFile(real.create(name));
        }

        @Override
        public LogFile open(String name) throws IOException {
            return new LazyFile(real.open(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            real.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            real.delete(name);
        }

        @Override
        public void sync() throws IOException {
            real.sync();
        }

        @Override
        public Closeable lock(String name) throws IOException {
            return real.lock(name);
        }

        @Override
        public String describe(String name) {
            return real.describe(name);
        }
    }

    private record LazyFile(LogFile real) implements LogFile {
        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return real.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            real.write(from, position);
        }

        @Override
        public void sync() {}

        @Override
        public void truncateDurably(long size) throws IOException {
            real.truncateDurably(size);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
