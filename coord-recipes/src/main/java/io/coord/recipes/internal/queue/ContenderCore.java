package io.coord.recipes.internal.queue;

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

    private final OwnZnodes own;
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
        this.own = new OwnZnodes(entrance.prefix());
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
        own.forget();
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
        if (goal == Goal.LEAVE && own.isGone()) {
            finishIfGone();
        } else if (connected && goal == Goal.LEAVE) {
            stepOut();
        } else if (connected) {
            stepIn();
        }
    }

    private void stepIn() {
        Place place = own.place();
        String stray = own.stray();
        if (place == null) {
            begin(own.mayExist() ? Operation.LIST : Operation.CREATE);
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
        } else if (!entrance.isSequential() || (entrance.kind().waitsForNobody() && own.isPlaceAlone())) {
            enter(place);
        } else if (stray != null) {
            delete(stray);
        } else if (!waiting) {
            begin(Operation.LIST);
        }
    }

    private void stepOut() {
        String known = own.known();
        if (known != null) {
            delete(known);
        } else {
            begin(Operation.LIST);
        }
    }

    private void finishIfGone() {
        if (!finished && own.isGone() && operation != Operation.CREATE) {
            finished = true;
            listener.left();
        }
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
        if (isTooLate(Operation.CREATE)) {
            return;
        }
        failures = 0;
        own.stand(place);
        step();
    }

    public void createFailed(Failure failure) {
        if (isTooLate(Operation.CREATE)) {
            return;
        }
        switch (failure.kind()) {
            case UNKNOWN, SESSION_OVER -> {
                own.outcomeUnknown();
                pause();
            }
            case NODE_EXISTS -> {
                // The name is unique, so an attempt of ours that nobody confirmed has made it.
                own.outcomeUnknown();
                step();
            }
            case NO_NODE -> {
                if (entrance.isSequential()) {
                    pause();
                } else {
                    // Somebody deleted the znode whose place it should have taken, and others may be in already.
                    refuse(new PlaceNotInheritedException());
                }
            }
            case TRANSIENT -> pause();
            case FINAL -> refuse(failure.cause());
        }
    }

    public void listed(List<String> names) {
        if (isTooLate(Operation.LIST)) {
            return;
        }
        failures = 0;
        List<String> ours = own.among(names);
        Place place = own.place();
        if (goal == Goal.LEAVE) {
            own.swept(ours);
        } else if (place == null) {
            own.straysBehindFirst(ours);
            findSelf(ours);
            return;
        } else if (!granted) {
            if (!own.straysAre(ours)) {
                own.standNowhere();
            } else if (own.stray() == null && place.session() == port.session() && connected) {
                findBlocker(place, names);
                return;
            }
        }
        step();
    }

    private void findSelf(List<String> ours) {
        if (ours.isEmpty()) {
            own.noneSeen();
            step();
        } else if (connected) {
            readOwn(ours.get(0));
        }
    }

    private void findBlocker(Place place, List<String> names) {
        QueueEntry blocker = QueueEntry.blockerAmong(place.name(), names);
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
        // Without the directory there is nothing of what we had in it.
        lookFailed(Operation.LIST, failure, own::forget);
    }

    public void watched(long ticket) {
        if (isTooLate(Operation.WATCH)) {
            return;
        }
        failures = 0;
        if (ticket == watchTicket && !watchFiredEarly) {
            waiting = true;
        }
        step();
    }

    public void watchFailed(Failure failure) {
        lookFailed(Operation.WATCH, failure, () -> {});
    }

    private void lookFailed(Operation look, Failure failure, Runnable whenMissing) {
        if (isTooLate(look)) {
            return;
        }
        switch (failure.kind()) {
            case NO_NODE -> {
                whenMissing.run();
                step();
            }
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
        if (isTooLate(Operation.READ_OWN)) {
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
        } else if (place != null && own.place() == null) {
            own.stand(place);
        }
        step();
    }

    public void ownReadFailed(Failure failure) {
        if (isTooLate(Operation.READ_OWN)) {
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
        if (isTooLate(Operation.DELETE)) {
            return;
        }
        own.deleted(deleting);
        deleting = null;
        step();
    }

    public void deleteFailed(Failure failure) {
        switch (failure.kind()) {
            // Who may not delete its znode can only wait for the end of its session; the shell has logged it.
            case NO_NODE, FINAL -> deleted();
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> {
                if (!isTooLate(Operation.DELETE)) {
                    pause();
                    if (goal == Goal.LEAVE && !finished) {
                        tellLeaveDelayed();
                    }
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
        if (goal == Goal.LEAVE && own.isGone()) {
            finishIfGone();
            return;
        }
        failures++;
        operation = Operation.PAUSE;
        port.pause(failures, ++pauseTicket);
    }

    /** The operation is over; whether nobody is interested in its answer any more. */
    private boolean isTooLate(Operation expected) {
        if (operation != expected) {
            throw new IllegalStateException("an answer to " + expected + " while " + operation + " is under way");
        }
        operation = Operation.NONE;
        return finished;
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
            own.forget();
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
