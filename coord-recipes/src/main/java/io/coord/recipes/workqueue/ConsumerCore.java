package io.coord.recipes.workqueue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which items a consumer takes, and when it looks, without network, thread or clock. At most one list is under way, and
 * none is asked for as long as enough items are known.
 */
final class ConsumerCore {
    /** Answers come on the core's queue, never from within the call itself. */
    interface Port {
        /** Lists the locks, then the items. Answer: {@code listed} or {@code listFailed}. */
        void list();

        /**
         * Tries to lock the item and, if that succeeds, has it processed. Answer: {@code finished}, {@code lockedByOther} or {@code
         * gone}.
         */
        void take(String name);

        /** Calls {@code timeToLook} at that moment, in milliseconds since the epoch. A later call replaces an earlier one. */
        void wakeAt(long epochMs);

        /** Calls {@code timeToLook} after a while. */
        void wakeAfterFailure();

        long nowMs();
    }

    private static final Comparator<String> BY_DUE_TIME =
            Comparator.comparingLong(ItemFormat::dueAt).thenComparing(Comparator.naturalOrder());

    private final int slots;
    private final Port port;
    private final TreeSet<String> waiting = new TreeSet<>(BY_DUE_TIME);
    private final Set<String> taken = new HashSet<>();
    /** Not to be taken again by this consumer. */
    private final Set<String> leftAlone = new HashSet<>();

    private boolean connected;
    private boolean listing;
    private boolean stale = true;
    private boolean stopped;

    ConsumerCore(int slots, Port port) {
        this.slots = slots;
        this.port = port;
    }

    void connected() {
        connected = true;
        changed();
    }

    void disconnected() {
        connected = false;
        listing = false;
    }

    /** Items or locks came or went. */
    void changed() {
        stale = true;
        step();
    }

    void timeToLook() {
        step();
    }

    void stop() {
        stopped = true;
    }

    boolean isIdle() {
        return taken.isEmpty();
    }

    void listed(List<String> names, List<String> locks) {
        listing = false;
        waiting.clear();
        leftAlone.retainAll(new HashSet<>(names));
        Set<String> notToTake = new HashSet<>(locks);
        notToTake.addAll(taken);
        notToTake.addAll(leftAlone);
        for (String name : names) {
            if (name.startsWith(ItemFormat.NAME_PREFIX) && !notToTake.contains(name)) {
                waiting.add(name);
            }
        }
        step();
    }

    void listFailed() {
        listing = false;
        stale = true;
        port.wakeAfterFailure();
    }

    void finished(String name) {
        taken.remove(name);
        step();
    }

    /** Whoever has the lock finishes the item or loses the lock, and both is told by a watch. */
    void lockedByOther(String name) {
        finished(name);
    }

    void gone(String name) {
        finished(name);
    }

    /** It cannot be read, or not be deleted after the work. */
    void leaveAlone(String name) {
        leftAlone.add(name);
        finished(name);
    }

    /** The item could not be taken for a reason that passes. */
    void failed(String name) {
        taken.remove(name);
        stale = true;
        port.wakeAfterFailure();
    }

    private void step() {
        if (!connected || stopped) {
            return;
        }
        long now = port.nowMs();
        List<String> takeNow = new ArrayList<>();
        while (taken.size() < slots && !waiting.isEmpty() && ItemFormat.dueAt(waiting.first()) <= now) {
            String name = waiting.pollFirst();
            taken.add(name);
            takeNow.add(name);
        }
        boolean hasMoreToTake = !waiting.isEmpty() && ItemFormat.dueAt(waiting.first()) <= now;
        if (stale && !listing && !hasMoreToTake && taken.size() < slots) {
            stale = false;
            listing = true;
            port.list();
        } else if (!waiting.isEmpty() && !hasMoreToTake) {
            port.wakeAt(ItemFormat.dueAt(waiting.first()));
        }
        takeNow.forEach(port::take);
    }
}
