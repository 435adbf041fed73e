package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings.Peer;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Where a server stands whose log Ratis has closed, or whom the others do not take for a member: it asks them, one after the other,
 * whether it may come in. A log is closed so when its server was removed, has lost its vote, or has yet to be added. The links' thread.
 */
final class Doorstep {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_OPENINGS = 3;

    private final KnownMembers known;
    private boolean asking;
    private long sinceNanos;
    private long askedNanos;
    private int asked;
    /** In a row, each of which has ended by itself. */
    private int openings;

    private long openedNanos;

    Doorstep(KnownMembers known) {
        this.known = known;
    }

    /** Whom to ask now; empty while an answer is waited for, and when there is nobody. */
    OptionalInt next() {
        long now = System.nanoTime();
        if (!asking) {
            asking = true;
            sinceNanos = now;
            askedNanos = now - AGAIN_NANOS;
        }
        if (now - askedNanos < AGAIN_NANOS) {
            return OptionalInt.empty();
        }
        askedNanos = now;
        List<Integer> others = known.members().stream()
                .map(Peer::id)
                .filter(each -> each != known.selfId())
                .toList();
        return others.isEmpty() ? OptionalInt.empty() : OptionalInt.of(others.get(asked++ % others.size()));
    }

    boolean isAsking() {
        return asking;
    }

    /** Whether there is another reason than the members for which the log is closed. */
    boolean isHopeless() {
        boolean alone = known.members().stream().allMatch(each -> each.id() == known.selfId());
        return !known.isOutside()
                && asking
                && (alone || openings >= MOST_OPENINGS || System.nanoTime() - sinceNanos > PATIENCE_NANOS);
    }

    /** Others let this server in: its log is about to be opened. */
    void onAdmitted() {
        asking = false;
        openings++;
        openedNanos = System.nanoTime();
    }

    void onTurnedAway() {
        openings = 0;
    }

    /** The log is open. */
    void onOpen() {
        asking = false;
        if (openings > 0 && System.nanoTime() - openedNanos > PATIENCE_NANOS) {
            openings = 0;
        }
    }
}
