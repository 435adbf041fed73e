package io.coord.recipes.barrier;

import io.coord.recipes.internal.queue.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One member of a double barrier, without network, thread or clock. It has at most one operation under way. Each answer and
 * each event only leads to another look at what is there, so nobody passes because of an event that meant something else.
 */
final class DoubleBarrierCore {
    static final String READY = "ready";

    /** What the core has done for it. Answers come on the core's queue and never from within the call itself. */
    interface Port {
        /** Id of the session that the client is in now, 0 when it has none. */
        long session();

        /** Creates an ephemeral member, missing parents as containers. Answer: {@code created} or {@code createFailed}. */
        void create(String name);

        /** Lists members and the ready znode. Answer: {@code listed} or {@code listFailed}. */
        void list();

        /** Creates the persistent ready znode. Answer: {@code readyCreated} or {@code createReadyFailed}. */
        void createReady();

        /** Answer: {@code deleted}, also when there is no such znode, or {@code deleteFailed}. */
        void delete(String name);

        /**
         * Looks whether a znode is there and watches its coming and going. Answer: {@code watched} or {@code watchFailed};
         * when it fires, {@code changed} with the same ticket.
         */
        void watch(String name, long ticket);

        /** The watch is not needed any more, whether it has fired or not. */
        void unwatch(long ticket);

        /** Calls {@code pauseOver} with the ticket after a while that grows with the number of failures in a row. */
        void pause(int failures, long ticket);

        void entered();

        /** It gave up entering, and its member is surely gone. */
        void withdrawn();

        void left();

        void refused(RuntimeException cause);
    }

    private enum Goal {
        NONE,
        ENTER,
        WITHDRAW,
        LEAVE
    }

    private final int quantity;
    private final Supplier<String> names;
    private final Port port;
    private Goal goal = Goal.NONE;
    private boolean connected;
    private boolean busy;
    /** The member; null when there surely is none. */
    private @Nullable String own;

    /** The last one that was made, and the session that it was made in. A create without an answer is repeated under it. */
    private @Nullable String lastName;

    private long ownSession;

    /** Members of sessions that are over for this client and perhaps not yet for the servers: others must not count them. */
    private final Deque<String> former = new ArrayDeque<>();

    private boolean inside;
    private boolean waitsForOthers;
    /**
     * Those who were there when it began to leave, while its own member was; null before it knows them. Who comes later may wait
     * for this one to enter again, and must not be waited for in turn.
     */
    private @Nullable Set<String> leavingAmong;

    private boolean lookedForRemains;
    /** The ready znode was created while the member was there: the barrier has opened, whatever has become of it since. */
    private boolean opened;

    private long watchTicket;
    private long pauseTicket;
    private long tickets;
    private int failures;

    /**
     * @param quantity how many members open the barrier
     * @param names makes unique names of members
     */
    DoubleBarrierCore(int quantity, Supplier<String> names, Port port) {
        this.quantity = quantity;
        this.names = names;
        this.port = port;
    }

    // ---- what the member wants

    void enter(boolean isConnected) {
        connected = isConnected;
        goal = Goal.ENTER;
        lookedForRemains = false;
        stopWaiting();
        step();
    }

    /** Gives up entering. Without effect when it has entered. */
    void withdraw() {
        if (goal == Goal.ENTER) {
            goal = Goal.WITHDRAW;
            stopWaiting();
            step();
        }
    }

    void leave(boolean isConnected) {
        connected = isConnected;
        goal = Goal.LEAVE;
        waitsForOthers = true;
        leavingAmong = null;
        inside = false;
        stopWaiting();
        step();
    }

    /** Does not wait for the others any more; its own member is gone or being deleted. */
    void stopWaitingForOthers() {
        waitsForOthers = false;
        if (goal == Goal.LEAVE && own == null) {
            goal = Goal.NONE;
            stopWaiting();
        }
    }

    /** Whether it wants nothing and is not inside, so it need not hear of the connection. */
    boolean isIdle() {
        return goal == Goal.NONE && !inside;
    }

    boolean isInside() {
        return inside;
    }

    // ---- the connection

    void connected() {
        connected = true;
        failures = 0;
        // A watch that was armed again may have missed what the client had seen a zxid for already: look again.
        stopWaiting();
        step();
    }

    void suspended() {
        connected = false;
    }

    void sessionLost() {
        connected = false;
        inside = false;
        disownMember();
        stopWaiting();
        if (goal == Goal.WITHDRAW) {
            // What may be left of it ends with the session, and nobody waits for it any more.
            former.clear();
            step();
        }
    }

    void clientClosed(RuntimeException cause) {
        connected = false;
        inside = false;
        own = null;
        former.clear();
        stopWaiting();
        refuse(cause);
    }

    private void disownMember() {
        String name = own;
        if (name != null) {
            own = null;
            opened = false;
            former.add(name);
        }
    }

    // ---- the next step

    private void step() {
        if (goal == Goal.WITHDRAW && own == null && former.isEmpty() && !busy) {
            goal = Goal.NONE;
            port.withdrawn();
        }
        if (busy || !connected || watchTicket != 0 || pauseTicket != 0) {
            return;
        }
        if (own != null && ownSession != port.session()) {
            // It vanishes with the session that it was made in, and must not be counted on.
            disownMember();
        }
        String remains = former.peek();
        if (remains != null && goal != Goal.NONE) {
            busy = true;
            port.delete(remains);
            return;
        }
        switch (goal) {
            case NONE -> {}
            case ENTER -> stepIn();
            case WITHDRAW, LEAVE -> stepOut();
        }
    }

    private void stepIn() {
        if (own == null && lookedForRemains) {
            String last = lastName;
            String name = last != null && ownSession == port.session() ? last : names.get();
            own = name;
            lastName = name;
            ownSession = port.session();
            opened = false;
            busy = true;
            port.create(name);
        } else {
            busy = true;
            port.list();
        }
    }

    private void stepOut() {
        busy = true;
        String name = own;
        boolean asksWhoIsThere = goal == Goal.LEAVE && waitsForOthers && leavingAmong == null;
        if (name != null && !asksWhoIsThere) {
            port.delete(name);
        } else {
            port.list();
        }
    }

    // ---- answers

    void created() {
        answered();
        step();
    }

    void createFailed(Failure failure) {
        busy = false;
        switch (failure.kind()) {
            // Whether it is there the next list tells.
            case UNKNOWN, SESSION_OVER -> pause();
            case NODE_EXISTS -> step();
            case TRANSIENT, NO_NODE -> {
                own = null;
                pause();
            }
            case FINAL -> {
                own = null;
                refuse(failure.cause());
            }
        }
    }

    void listed(List<String> children) {
        answered();
        List<String> members = new ArrayList<>(children);
        boolean ready = members.remove(READY);
        switch (goal) {
            case NONE -> {}
            case ENTER -> enterAmong(members, ready);
            case WITHDRAW -> step();
            case LEAVE -> leaveAmong(members, ready);
        }
    }

    private void enterAmong(List<String> members, boolean ready) {
        String name = own;
        if (name == null) {
            lookedForRemains = true;
            if (ready && members.isEmpty()) {
                // Nobody is inside: it is left over from members who ended without leaving.
                busy = true;
                port.delete(READY);
            } else {
                step();
            }
        } else if (!members.contains(name)) {
            own = null;
            step();
        } else if (ownSession != port.session()) {
            step();
        } else {
            if (ready || opened) {
                entered();
            } else if (members.size() >= quantity) {
                busy = true;
                port.createReady();
            } else {
                watch(READY);
            }
        }
    }

    private void leaveAmong(List<String> members, boolean ready) {
        Set<String> others = leavingAmong;
        if (others == null) {
            others = new HashSet<>(members);
            others.remove(own);
            leavingAmong = others;
        } else {
            others.retainAll(members);
        }
        if (own != null) {
            step();
        } else if (!others.isEmpty() && waitsForOthers) {
            watch(Collections.max(others));
        } else if (members.isEmpty() && ready) {
            busy = true;
            port.delete(READY);
        } else {
            left();
        }
    }

    void listFailed(Failure failure) {
        busy = false;
        if (failure.kind() == Failure.Kind.NO_NODE) {
            failures = 0;
            own = null;
            lookedForRemains = true;
            if (goal == Goal.LEAVE) {
                left();
            } else {
                step();
            }
        } else {
            failed(failure);
        }
    }

    void readyCreated() {
        answered();
        if (goal == Goal.ENTER) {
            entered();
        } else {
            step();
        }
    }

    void createReadyFailed(Failure failure) {
        if (failure.kind() == Failure.Kind.NODE_EXISTS) {
            readyCreated();
        } else {
            busy = false;
            failed(failure);
        }
    }

    void deleted(String name) {
        answered();
        if (name.equals(own)) {
            own = null;
        }
        former.remove(name);
        if (name.equals(READY) && goal == Goal.LEAVE) {
            left();
        } else {
            step();
        }
    }

    void deleteFailed(Failure failure) {
        busy = false;
        failed(failure);
    }

    void watched(long ticket, boolean exists) {
        answered();
        if (ticket == watchTicket && exists != (goal == Goal.LEAVE)) {
            // What was waited for has happened before the watch was there.
            stopWaiting();
        }
        step();
    }

    void watchFailed(long ticket, Failure failure) {
        busy = false;
        if (ticket == watchTicket) {
            watchTicket = 0;
        }
        failed(failure);
    }

    /**
     * The watch fired. It may do so before {@link #watched} tells that it is armed.
     *
     * @param created whether it tells that the znode has come
     */
    void changed(long ticket, boolean created) {
        if (ticket == watchTicket) {
            watchTicket = 0;
            opened |= created && goal == Goal.ENTER;
            step();
        }
    }

    void pauseOver(long ticket) {
        if (ticket == pauseTicket) {
            pauseTicket = 0;
            step();
        }
    }

    private void answered() {
        busy = false;
        failures = 0;
    }

    private void failed(Failure failure) {
        if (failure.kind() == Failure.Kind.FINAL) {
            refuse(failure.cause());
        } else {
            pause();
        }
    }

    private void pause() {
        pauseTicket = ++tickets;
        port.pause(++failures, pauseTicket);
    }

    private void watch(String name) {
        busy = true;
        watchTicket = ++tickets;
        port.watch(name, watchTicket);
    }

    private void stopWaiting() {
        if (watchTicket != 0) {
            port.unwatch(watchTicket);
            watchTicket = 0;
        }
        pauseTicket = 0;
    }

    private void entered() {
        goal = Goal.NONE;
        inside = true;
        port.entered();
    }

    private void left() {
        goal = Goal.NONE;
        port.left();
    }

    private void refuse(RuntimeException cause) {
        if (goal != Goal.NONE) {
            goal = goal == Goal.ENTER && own != null ? Goal.WITHDRAW : Goal.NONE;
            stopWaiting();
            port.refused(cause);
            step();
        }
    }
}
