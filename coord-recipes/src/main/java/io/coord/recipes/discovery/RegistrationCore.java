package io.coord.recipes.discovery;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one instance's znode in place, without network, thread or clock. As the lock's contender it does one thing at a time
 * and decides after each answer what is missing.
 *
 * <p>A znode that is there already is taken over when it can only be a leftover: at the first registration, because this
 * process was started later with the same id; afterwards when it belongs to an earlier session of this client. Otherwise
 * somebody else runs under the same id, and two that kept replacing each other's znode would be worse than one that stops:
 * then the registration is displaced.
 */
final class RegistrationCore {
    /** What is at the instance's path. */
    record Found(long owner, int version, boolean sameData) {}

    /** Each operation is answered by one call of the core, on its queue, never from within the call itself. */
    interface Port {
        long session();

        /** Answer: {@code created}, {@code alreadyThere} or {@code failed}. */
        void create();

        /** Answer: {@code found}, {@code nothingThere} or {@code failed}. */
        void read();

        /** Writes the data. Answer: {@code written}, {@code nothingThere} or {@code failed}. */
        void write();

        /** Deletes that version and creates anew, in one. Answer: {@code created}, {@code changedMeanwhile} or {@code failed}. */
        void replace(int version);

        /** Deletes that version. Answer: {@code deleted}, {@code changedMeanwhile} or {@code failed}. */
        void delete(int version);

        /** Calls {@code pauseOver} with the ticket after a while that grows with the number of failures in a row. */
        void pause(int failures, long ticket);

        void stateChanged(ServiceRegistration.State state);
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
    private final Port port;
    private Goal goal = Goal.PRESENT;
    private Operation operation = Operation.NONE;
    private ServiceRegistration.State state = ServiceRegistration.State.REGISTERING;
    private boolean connected;
    private boolean everRegistered;
    /** Something may have changed since the znode was seen last. */
    private boolean mustLook;

    private boolean mustWrite;
    private @Nullable Found found;
    private boolean nothingThere;
    /** Sessions in which this registration created its znode, or may have: one more for each that was lost. */
    private final Set<Long> ownSessions = new HashSet<>();

    private int failures;
    private long pauseTicket;

    /** @param ephemeral whether the znode ends with the session */
    RegistrationCore(boolean ephemeral, Port port) {
        this.ephemeral = ephemeral;
        this.port = port;
    }

    boolean isOver() {
        return state == ServiceRegistration.State.UNREGISTERED || state == ServiceRegistration.State.DISPLACED;
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
            become(ServiceRegistration.State.UNREGISTERED);
        } else if (ephemeral && state == ServiceRegistration.State.REGISTERED) {
            become(ServiceRegistration.State.REGISTERING);
        }
    }

    /** The client is closed. */
    void clientClosed() {
        connected = false;
        become(ServiceRegistration.State.UNREGISTERED);
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

    void unregister() {
        if (goal == Goal.PRESENT) {
            goal = Goal.ABSENT;
            look();
            // Nothing was ever sent, so nothing can be there.
            if (ownSessions.isEmpty() && !connected && operation == Operation.NONE) {
                become(ServiceRegistration.State.UNREGISTERED);
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
        } else if (nothingThere || (!everRegistered && !mustLook)) {
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
                port.write();
            } else {
                registered();
            }
        } else if (!everRegistered || ownSessions.contains(there.owner()) || !ephemeral || there.owner() == 0) {
            operation = Operation.REPLACE;
            ownSessions.add(port.session());
            port.replace(there.version());
        } else {
            become(ServiceRegistration.State.DISPLACED);
        }
    }

    private void stepOut() {
        Found there = found;
        if (nothingThere) {
            become(ServiceRegistration.State.UNREGISTERED);
        } else if (there == null) {
            readAgain();
        } else if (ephemeral && there.owner() != port.session()) {
            // Somebody else's by now, or of a session that is over: not ours to delete.
            become(ServiceRegistration.State.UNREGISTERED);
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

    private void registered() {
        everRegistered = true;
        become(ServiceRegistration.State.REGISTERED);
        step();
    }

    private void become(ServiceRegistration.State next) {
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
            registered();
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

    void written() {
        done(Operation.WRITE);
        registered();
    }

    void deleted() {
        done(Operation.DELETE);
        nothingThere = true;
        step();
    }

    void changedMeanwhile() {
        done(Operation.REPLACE, Operation.DELETE);
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
