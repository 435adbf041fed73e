package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.QuorumView;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is connected to this member as to a leader. The links' thread, but for {@link #view} and {@link #isConnected}. */
final class Learners {
    private static final int NONE = -1;

    private static final class Learner {
        private final int id;
        /** What was committed when it connected. */
        private final long target;

        private boolean synced;

        Learner(int id, long target) {
            this.id = id;
            this.target = target;
        }
    }

    private final KnownMembers known;
    private final Map<Channel, Learner> connected = new HashMap<>();
    private long term = LeaderIntake.NONE;
    private long sinceNanos;
    private int lastBytes = NONE;
    private int minBytes = NONE;
    private int maxBytes = NONE;
    private Set<Integer> synced = Set.of();
    private volatile QuorumView.@Nullable Led view;
    private volatile Set<Integer> ids = Set.of();

    Learners(KnownMembers known) {
        this.known = known;
    }

    void onConnected(Channel channel, int id, long commitIndex) {
        connected.put(channel, new Learner(id, commitIndex));
        noteIds();
    }

    void onClosed(Channel channel) {
        connected.remove(channel);
        noteIds();
    }

    private void noteIds() {
        ids = connected.values().stream().map(each -> each.id).collect(Collectors.toUnmodifiableSet());
    }

    /** Any thread. */
    boolean isConnected(int id) {
        return ids.contains(id);
    }

    /** This member appended an entry as a leader. */
    void onAppended(int bytes) {
        lastBytes = bytes;
        minBytes = minBytes == NONE ? bytes : Math.min(minBytes, bytes);
        maxBytes = Math.max(maxBytes, bytes);
    }

    /**
     * Looks again.
     *
     * @param matchIndex up to which index a member has the log, as far as this one knows
     */
    void onLeading(long led, IntToLongFunction matchIndex) {
        if (term != led) {
            term = led;
            sinceNanos = System.nanoTime();
        }
        Set<Integer> all = new HashSet<>();
        Set<Integer> reached = new HashSet<>();
        for (Learner each : connected.values()) {
            each.synced |= matchIndex.applyAsLong(each.id) >= each.target;
            all.add(each.id);
            if (each.synced) {
                reached.add(each.id);
            }
        }
        int observers = (int) reached.stream().filter(known::isObserver).count();
        synced = reached;
        view = new QuorumView.Led(
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos),
                all.size(),
                reached.size() - observers,
                observers,
                lastBytes,
                minBytes,
                maxBytes);
    }

    void onFollowing() {
        term = LeaderIntake.NONE;
        synced = Set.of();
        view = null;
    }

    /** Whether a member was connected and had the log, as of the last look. */
    boolean isSynced(int id) {
        return synced.contains(id);
    }

    /** Connections of those that are no members any more. */
    List<Channel> strangers() {
        return connected.entrySet().stream()
                .filter(each -> !known.isKnown(each.getValue().id))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** As of the last look; null when this member does not lead. Any thread. */
    QuorumView.@Nullable Led view() {
        return view;
    }
}
