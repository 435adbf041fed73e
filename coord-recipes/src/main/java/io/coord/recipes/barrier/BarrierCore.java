package io.coord.recipes.barrier;

import io.coord.recipes.internal.queue.Failure;

/**
 * One wait for a barrier to be open, without network, thread or clock. Only an answer of the servers that the znode is not
 * there ends it; events, whatever they say, lead to another look.
 */
final class BarrierCore {
    /** What the core has done for it. Answers come on the core's queue and never from within the call itself. */
    interface Port {
        /**
         * Looks whether the znode is there and watches it if so. Answer: {@code found} or {@code lookFailed} with the same
         * ticket; when the watch fires, {@code changed}.
         */
        void look(long ticket);

        void unwatch();

        /** Calls {@code pauseOver} with the ticket after a while that grows with the number of failures in a row. */
        void pause(int failures, long ticket);

        void open();

        void refused(RuntimeException cause);
    }

    private final Port port;
    private boolean connected;
    private boolean over;
    private boolean looking;
    private boolean watching;
    private boolean lookAgain;
    private boolean pausing;
    private long ticket;
    private int failures;

    BarrierCore(Port port) {
        this.port = port;
    }

    void start(boolean isConnected) {
        connected = isConnected;
        step();
    }

    void stop() {
        over = true;
        port.unwatch();
    }

    void connected() {
        connected = true;
        pausing = false;
        failures = 0;
        // A watch that was armed again may have missed what the client had seen a zxid for already: look again.
        if (watching) {
            watching = false;
            port.unwatch();
        }
        lookAgain = looking;
        step();
    }

    void disconnected() {
        connected = false;
    }

    private void step() {
        if (!over && connected && !looking && !watching && !pausing) {
            looking = true;
            lookAgain = false;
            port.look(++ticket);
        }
    }

    void found(long ofTicket) {
        if (ofTicket == ticket && !over) {
            looking = false;
            failures = 0;
            if (lookAgain) {
                port.unwatch();
            } else {
                watching = true;
            }
            step();
        }
    }

    void lookFailed(long ofTicket, Failure failure) {
        if (ofTicket != ticket || over) {
            return;
        }
        looking = false;
        switch (failure.kind()) {
            case NO_NODE -> {
                over = true;
                port.open();
            }
            case FINAL -> {
                over = true;
                port.refused(failure.cause());
            }
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> {
                pausing = true;
                port.pause(++failures, ticket);
            }
        }
    }

    /** The watch fired. It may do so before {@link #found} tells that it is armed. */
    void changed(long ofTicket) {
        if (ofTicket == ticket) {
            lookAgain = looking;
            watching = false;
            step();
        }
    }

    void pauseOver(long ofTicket) {
        if (ofTicket == ticket) {
            pausing = false;
            step();
        }
    }
}
