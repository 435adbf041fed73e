package io.coord.recipes.internal.node;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one znode in place, without network, thread or clock. As the lock's contender it does one thing at a time and decides
 * after each answer what is missing.
 *
 * <p>A znode that belongs to somebody else's session is never overwritten. By {@link Takeover#NEVER} the core waits until it
 * is gone. By {@link Takeover#AT_FIRST} it is replaced when it can only be a leftover: before this one was ever in place,
 * because this process was started later under the same name. Afterwards somebody else runs under that name, and two that kept
 * replacing each other's znode would be worse than one that stops: then this one is displaced. What an earlier session of this
 * client has left is replaced in any case.
 */
final class KeptNodeCore {
    /**
     * What is at the path.
     *
     * @param owner the session that the znode ends with; 0 when it ends with none
     */
    record Found(long owner, int version, boolean sameData) {}

    /** What to do about a znode of somebody else's session. */
    enum Takeover {
        NEVER,
        AT_FIRST
    }

    /** Each operation is answered by one call of the core, on its queue, never from within the call itself. */
    interface Port {
        long session();

        /** Answer: {@code created}, {@code alreadyThere} or {@code failed}. */
        void create();

        /** Answer: {@code found}, {@code nothingThere} or {@code failed}. */
        void read();

        /** Writes the data over that version. Answer: {@code written}, {@code nothingThere}, {@code changedMeanwhile} or {@code failed}. */
        void write(int version);

        /** Deletes that version and creates anew, in one. Answer: {@code created}, {@code changedMeanwhile} or {@code failed}. */
        void replace(int version);

        /** Deletes that version. Answer: {@code deleted}, {@code changedMeanwhile} or {@code failed}. */
        void delete(int version);

        /** Calls {@code pauseOver} with the ticket after a while that grows with the number of failures in a row. */
        void pause(int failures, long ticket);

        void stateChanged(KeptNode.State state);
    }

    private enum Goal {
        PRESENT,
        ABSENT
    }

    private enum Operation {
        NONE,
        CREATE,
        READ,
        WRITE,
        REPLACE,
        DELETE,
        PAUSE
    }

    private final boolean ephemeral;
    private final Takeover takeover;
    private final Port port;
    private Goal goal = Goal.PRESENT;
    private Operation operation = Operation.NONE;
    private KeptNode.State state = KeptNode.State.MISSING;
    private boolean connected;
    private boolean everInPlace;
    /** Something may have changed since the znode was seen last. */
    private boolean mustLook;

    private boolean mustWrite;
    private @Nullable Found found;
    private boolean nothingThere;
    /** Sessions in which this client created its znode, or may have: one more for each that was lost. */
    private final Set<Long> ownSessions = new HashSet<>();

    private int failures;
    private long pauseTicket;

    /** @param ephemeral whether the znode ends with the session */
    KeptNodeCore(boolean ephemeral, Takeover takeover, Port port) {
        this.ephemeral = ephemeral;
        this.takeover = takeover;
        this.port = port;
    }

    boolean isOver() {
        return state == KeptNode.State.GONE || state == KeptNode.State.DISPLACED;
    }

    void start(boolean isConnected) {
        connected = isConnected;
        step();
    }

    void connected() {
        connected = true;
        failures = 0;
        if (operation == Operation.PAUSE) {
            operation = Operation.NONE;
        }
        look();
    }

    void disconnected() {
        connected = false;
    }

    void sessionLost() {
        connected = false;
        if (ephemeral && goal == Goal.ABSENT) {
            become(KeptNode.State.GONE);
        } else if (ephemeral && state == KeptNode.State.IN_PLACE) {
            become(KeptNode.State.MISSING);
        }
    }

    /** The client is closed. */
    void clientClosed() {
        connected = false;
        become(KeptNode.State.GONE);
    }

    /** The watch tells that the znode has changed. */
    void changed() {
        look();
    }

    /** The data to register are others now. */
    void update() {
        mustWrite = true;
        look();
    }

    void remove() {
        if (goal == Goal.PRESENT) {
            goal = Goal.ABSENT;
            look();
            // Nothing was ever sent, so nothing can be there.
            if (ownSessions.isEmpty() && !connected && operation == Operation.NONE) {
                become(KeptNode.State.GONE);
            }
        }
    }

    private void look() {
        mustLook = true;
        found = null;
        nothingThere = false;
        step();
    }

    private void step() {
        if (!connected || operation != Operation.NONE || isOver()) {
            return;
        }
        if (goal == Goal.ABSENT) {
            stepOut();
        } else {
            stepIn();
        }
    }

    private void stepIn() {
        Found there = found;
        if (there != null) {
            found = null;
            settle(there);
        } else if (nothingThere || (!everInPlace && !mustLook)) {
            nothingThere = false;
            mustLook = false;
            operation = Operation.CREATE;
            ownSessions.add(port.session());
            port.create();
        } else if (mustLook) {
            readAgain();
        }
    }

    private void settle(Found there) {
        boolean isOurs = ephemeral ? there.owner() == port.session() : there.owner() == 0;
        if (isOurs) {
            if (mustWrite || !there.sameData()) {
                mustWrite = false;
                operation = Operation.WRITE;
                port.write(there.version());
            } else {
                inPlace();
            }
        } else if (ownSessions.contains(there.owner()) || mayReplace(there)) {
            operation = Operation.REPLACE;
            ownSessions.add(port.session());
            port.replace(there.version());
        } else if (takeover == Takeover.AT_FIRST) {
            become(KeptNode.State.DISPLACED);
        } else {
            become(KeptNode.State.OCCUPIED);
        }
    }

    private boolean mayReplace(Found there) {
        return takeover == Takeover.AT_FIRST && (!everInPlace || !ephemeral || there.owner() == 0);
    }

    private void stepOut() {
        Found there = found;
        if (nothingThere) {
            become(KeptNode.State.GONE);
        } else if (there == null) {
            readAgain();
        } else if (ephemeral && there.owner() != port.session()) {
            // Somebody else's by now, or of a session that is over: not ours to delete.
            become(KeptNode.State.GONE);
        } else {
            found = null;
            operation = Operation.DELETE;
            port.delete(there.version());
        }
    }

    private void readAgain() {
        mustLook = false;
        operation = Operation.READ;
        port.read();
    }

    private void inPlace() {
        everInPlace = true;
        become(KeptNode.State.IN_PLACE);
        step();
    }

    private void become(KeptNode.State next) {
        if (state != next && !isOver()) {
            state = next;
            port.stateChanged(next);
        }
    }

    // ---- answers

    void created(long session) {
        done(Operation.CREATE, Operation.REPLACE);
        if (goal == Goal.PRESENT && (!ephemeral || session == port.session())) {
            // What was created holds the newest data.
            inPlace();
        } else {
            look();
        }
    }

    void alreadyThere() {
        done(Operation.CREATE);
        look();
    }

    void found(Found what) {
        done(Operation.READ);
        if (!mustLook) {
            found = what;
        }
        step();
    }

    void nothingThere() {
        done(Operation.READ, Operation.WRITE);
        if (!mustLook) {
            nothingThere = true;
        }
        step();
    }

    /** @param owner as the znode tells it after the write: between two looks it may have become somebody else's */
    void written(long owner) {
        done(Operation.WRITE);
        if (ephemeral && owner != port.session()) {
            look();
        } else {
            inPlace();
        }
    }

    void deleted() {
        done(Operation.DELETE);
        nothingThere = true;
        step();
    }

    void changedMeanwhile() {
        done(Operation.WRITE, Operation.REPLACE, Operation.DELETE);
        look();
    }

    /** Whatever came of it: look again after a pause. */
    void failed() {
        operation = Operation.PAUSE;
        failures++;
        mustLook = true;
        found = null;
        nothingThere = false;
        port.pause(failures, ++pauseTicket);
    }

    void pauseOver(long ticket) {
        if (operation == Operation.PAUSE && ticket == pauseTicket) {
            operation = Operation.NONE;
            step();
        }
    }

    private void done(Operation... expected) {
        for (Operation each : expected) {
            if (operation == each) {
                operation = Operation.NONE;
                failures = 0;
                return;
            }
        }
        throw new IllegalStateException("unexpected answer while " + operation + " is under way");
    }
}
