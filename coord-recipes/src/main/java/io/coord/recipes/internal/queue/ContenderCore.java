package io.coord.recipes.internal.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of one contender in a queue of sequential znodes, without network, thread or clock: it creates its znode, finds
 * out who is before it, waits for that one to leave, enters, and in the end surely removes its znode.
 *
 * <p>It has at most one operation under way. After each answer and each change of the connection {@link #step} looks at
 * what is known and starts the next one, so recovery is no separate path: an unknown outcome makes the znode one that
 * <em>may</em> exist, and a lost connection only delays the next step.
 *
 * <p>It never enters on a znode of another session: a znode that survived from an earlier session of this process looks
 * like its own, vanishes any moment, and two holders would be the result. The session is compared when the turn comes, with
 * the one that the client is in then.
 */
public final class ContenderCore {
    private enum Goal {
        ENTER,
        LEAVE
    }

    private enum Operation {
        NONE,
        CREATE,
        LIST,
        WATCH,
        READ_OWN,
        DELETE,
        PAUSE
    }

    private final Entrance entrance;
    private final ContenderPort port;
    private final ContenderListener listener;

    private Goal goal = Goal.ENTER;
    private Operation operation = Operation.NONE;
    private boolean connected;
    private boolean finished;

    private @Nullable Place own;
    /** A create has been sent whose outcome is unknown, so a znode with our prefix may be there. */
    private boolean mayExist;
    /** Such a create was followed by another one: look once more, before the end, for what the first may have left. */
    private boolean sweepAtEnd;
    /** Nodes with our prefix besides {@link #own}. */
    private final Deque<String> strays = new ArrayDeque<>();

    private @Nullable String deleting;
    private boolean waiting;
    private long watchTicket;
    private boolean watchFiredEarly;
    private boolean granted;
    /** The connection was away since the znode was seen last. */
    private boolean unconfirmed;

    private boolean unverified;
    private boolean leaveDelayTold;
    private int failures;
    private long pauseTicket;

    public ContenderCore(Entrance entrance, ContenderPort port, ContenderListener listener) {
        this.entrance = entrance;
        this.port = port;
        this.listener = listener;
    }

    public void start(boolean isConnected) {
        connected = isConnected;
        step();
    }

    /** Gives up waiting, or gives up the place: from now on the only goal is that the znode is gone. */
    public void leave() {
        if (finished || goal == Goal.LEAVE) {
            return;
        }
        goal = Goal.LEAVE;
        granted = false;
        stopWaiting();
        step();
        if (!connected && !finished) {
            tellLeaveDelayed();
        }
    }

    // ---- the connection

    /** A server answers, for the same session as before or for a new one. */
    public void connected() {
        if (finished) {
            return;
        }
        connected = true;
        failures = 0;
        if (operation == Operation.PAUSE) {
            operation = Operation.NONE;
        }
        // A watch that was armed again may have missed what the client had seen a zxid for already: look again.
        stopWaiting();
        unconfirmed = granted;
        step();
    }

    public void suspended() {
        if (finished) {
            return;
        }
        connected = false;
        if (goal == Goal.LEAVE) {
            tellLeaveDelayed();
        } else if (granted) {
            unconfirmed = true;
            listener.suspended();
        }
    }

    /** The session is over; its znodes are gone or will be. */
    public void sessionLost() {
        if (finished) {
            return;
        }
        connected = false;
        stopWaiting();
        forgetNodes();
        if (goal == Goal.LEAVE) {
            finishIfGone();
        } else if (granted) {
            lose();
        } else if (!entrance.isSequential()) {
            refuse(new PlaceNotInheritedException());
        }
    }

    /** The client is closed: there will be no session any more, and its znodes end with the last one. */
    public void clientClosed(RuntimeException cause) {
        if (finished) {
            return;
        }
        connected = false;
        finished = true;
        stopWaiting();
        if (goal == Goal.ENTER && granted) {
            listener.lost();
            return;
        }
        if (goal == Goal.ENTER) {
            listener.refused(cause);
        }
        listener.left();
    }

    /** Somebody may have deleted the znode: have a look. */
    public void verify() {
        if (granted) {
            unverified = true;
            step();
        }
    }

    // ---- the next step

    private void step() {
        if (finished || operation != Operation.NONE) {
            return;
        }
        if (goal == Goal.LEAVE && isGone()) {
            finishIfGone();
        } else if (connected && goal == Goal.LEAVE) {
            stepOut();
        } else if (connected) {
            stepIn();
        }
    }

    private void stepIn() {
        Place place = own;
        if (place == null) {
            begin(mayExist ? Operation.LIST : Operation.CREATE);
        } else if (place.session() != port.session()) {
            if (granted) {
                lose();
            } else {
                delete(place.name());
            }
        } else if (granted) {
            if (unconfirmed || unverified) {
                unverified = false;
                readOwn(place.name());
            }
        } else if (!entrance.isSequential()) {
            enter(place);
        } else if (!strays.isEmpty()) {
            delete(strays.element());
        } else if (!waiting) {
            begin(Operation.LIST);
        }
    }

    private void stepOut() {
        Place place = own;
        if (place != null) {
            delete(place.name());
        } else if (!strays.isEmpty()) {
            delete(strays.element());
        } else {
            begin(Operation.LIST);
        }
    }

    private boolean isGone() {
        return own == null && strays.isEmpty() && !mayExist && !sweepAtEnd;
    }

    private void finishIfGone() {
        if (!finished && isGone() && operation != Operation.CREATE) {
            finished = true;
            listener.left();
        }
    }

    /** Whatever it had is gone. */
    private void forgetNodes() {
        own = null;
        mayExist = false;
        sweepAtEnd = false;
        strays.clear();
    }

    private void begin(Operation next) {
        operation = next;
        if (next == Operation.CREATE) {
            port.create();
        } else {
            port.list();
        }
    }

    private void delete(String name) {
        operation = Operation.DELETE;
        deleting = name;
        port.delete(name);
    }

    private void readOwn(String name) {
        operation = Operation.READ_OWN;
        port.readOwn(name);
    }

    private void enter(Place place) {
        granted = true;
        unconfirmed = false;
        listener.granted(place);
    }

    private void lose() {
        granted = false;
        finished = true;
        listener.lost();
    }

    private void stopWaiting() {
        if (waiting || operation == Operation.WATCH) {
            port.unwatch();
        }
        waiting = false;
        watchTicket++;
    }

    private void tellLeaveDelayed() {
        if (!leaveDelayTold) {
            leaveDelayTold = true;
            listener.leaveDelayed();
        }
    }

    // ---- answers

    public void created(Place place) {
        done(Operation.CREATE);
        if (finished) {
            return;
        }
        failures = 0;
        mayExist = false;
        own = place;
        step();
    }

    public void createFailed(Failure failure) {
        done(Operation.CREATE);
        if (finished) {
            return;
        }
        switch (failure.kind()) {
            case UNKNOWN, SESSION_OVER -> {
                mayExist = true;
                pause();
            }
            case NODE_EXISTS -> {
                // The name is unique, so an attempt of ours that nobody confirmed has made it.
                mayExist = true;
                step();
            }
            case TRANSIENT, NO_NODE -> pause();
            case FINAL -> refuse(failure.cause());
        }
    }

    public void listed(List<String> names) {
        done(Operation.LIST);
        if (finished) {
            return;
        }
        failures = 0;
        List<String> ours = new ArrayList<>();
        for (QueueEntry entry : QueueEntry.sorted(names)) {
            if (entry.name().startsWith(entrance.prefix())) {
                ours.add(entry.name());
            }
        }
        Place place = own;
        strays.clear();
        if (goal == Goal.LEAVE) {
            mayExist = false;
            sweepAtEnd = false;
            strays.addAll(ours);
            if (place != null) {
                strays.remove(place.name());
            }
        } else if (place == null) {
            findSelf(ours);
            return;
        } else if (!granted) {
            strays.addAll(ours);
            if (!strays.remove(place.name())) {
                own = null;
            } else if (strays.isEmpty() && place.session() == port.session() && connected) {
                findBlocker(place, names);
                return;
            }
        }
        step();
    }

    private void findSelf(List<String> ours) {
        if (ours.isEmpty()) {
            mayExist = false;
            sweepAtEnd = true;
            step();
        } else if (connected) {
            readOwn(ours.get(0));
        }
    }

    private void findBlocker(Place place, List<String> names) {
        QueueEntry blocker = QueueEntry.blockerOf(place.name(), QueueEntry.sorted(names));
        if (blocker == null) {
            enter(place);
            step();
            return;
        }
        listener.waiting();
        if (goal == Goal.ENTER) {
            operation = Operation.WATCH;
            watchFiredEarly = false;
            port.watch(blocker.name(), ++watchTicket);
        }
    }

    public void listFailed(Failure failure) {
        done(Operation.LIST);
        if (finished) {
            return;
        }
        switch (failure.kind()) {
            case NO_NODE -> {
                // The directory is gone, and with it whatever we had in it.
                forgetNodes();
                step();
            }
            case FINAL -> giveUpOn(failure);
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> pause();
        }
    }

    public void watched(long ticket) {
        done(Operation.WATCH);
        if (finished) {
            return;
        }
        failures = 0;
        if (ticket == watchTicket && !watchFiredEarly) {
            waiting = true;
        }
        step();
    }

    public void watchFailed(Failure failure) {
        done(Operation.WATCH);
        if (finished) {
            return;
        }
        switch (failure.kind()) {
            case NO_NODE -> step();
            case FINAL -> giveUpOn(failure);
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> pause();
        }
    }

    /** The watch fired. It may do so before {@link #watched} tells that it is armed. */
    public void blockerChanged(long ticket) {
        if (ticket != watchTicket || finished) {
            return;
        }
        watchFiredEarly = true;
        waiting = false;
        step();
    }

    /** @param place null when there is no such node */
    public void ownRead(@Nullable Place place) {
        done(Operation.READ_OWN);
        if (finished) {
            return;
        }
        failures = 0;
        if (goal == Goal.ENTER && granted) {
            if (place == null || place.session() != port.session()) {
                lose();
                return;
            }
            if (connected && unconfirmed) {
                unconfirmed = false;
                listener.restored();
            }
        } else if (place != null && own == null) {
            own = place;
            mayExist = false;
        }
        step();
    }

    public void ownReadFailed(Failure failure) {
        done(Operation.READ_OWN);
        if (finished) {
            return;
        }
        if (failure.kind() == Failure.Kind.FINAL) {
            giveUpOn(failure);
        } else {
            unverified = granted;
            pause();
        }
    }

    public void deleted() {
        done(Operation.DELETE);
        if (finished) {
            return;
        }
        String name = deleting;
        deleting = null;
        Place place = own;
        if (place != null && place.name().equals(name)) {
            own = null;
        }
        strays.remove(name);
        step();
    }

    public void deleteFailed(Failure failure) {
        switch (failure.kind()) {
            // Who may not delete its znode can only wait for the end of its session; the shell has logged it.
            case NO_NODE, FINAL -> deleted();
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> {
                done(Operation.DELETE);
                pause();
                if (goal == Goal.LEAVE && !finished) {
                    tellLeaveDelayed();
                }
            }
        }
    }

    public void pauseOver(long ticket) {
        if (operation == Operation.PAUSE && ticket == pauseTicket) {
            operation = Operation.NONE;
            step();
        }
    }

    private void pause() {
        if (finished) {
            return;
        }
        if (goal == Goal.LEAVE && isGone()) {
            finishIfGone();
            return;
        }
        failures++;
        operation = Operation.PAUSE;
        port.pause(failures, ++pauseTicket);
    }

    private void done(Operation expected) {
        if (operation != expected) {
            throw new IllegalStateException("an answer to " + expected + " while " + operation + " is under way");
        }
        operation = Operation.NONE;
    }

    /** An answer that will not change: whoever waits is told, and what was created is removed. */
    private void giveUpOn(Failure failure) {
        if (goal == Goal.ENTER && granted) {
            // Not being allowed to look at one's znode does not say that it is gone.
            pause();
        } else if (goal == Goal.ENTER) {
            refuse(failure.cause());
        } else {
            // What cannot be looked for ends with the session.
            forgetNodes();
            step();
        }
    }

    private void refuse(RuntimeException cause) {
        if (goal == Goal.ENTER) {
            goal = Goal.LEAVE;
            listener.refused(cause);
        }
        step();
    }
}
