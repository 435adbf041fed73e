package io.coord.client.internal.session;

/**
 * How far the end of a client has come: first calls get a while to finish, then the session is ended on the server, for
 * which each server is tried once if there is no connection. Owned by the network thread.
 */
final class Closing {
    private enum Step {
        NOT_BEGUN,
        DRAINING,
        ENDING_SESSION
    }

    private Step step = Step.NOT_BEGUN;
    private long stepEndNs;
    private boolean waitsForServers;
    /** Attempts to connect until every server was tried. */
    private int triesLeft;

    private boolean toldServer;

    /**
     * @param waitsForServers whether calls get all their time though no server can be reached
     */
    void begin(long now, long drainNs, boolean waitsForServers, int servers) {
        this.step = Step.DRAINING;
        this.stepEndNs = now + drainNs;
        this.waitsForServers = waitsForServers;
        this.triesLeft = servers;
    }

    boolean hasBegun() {
        return step != Step.NOT_BEGUN;
    }

    /** No further call is sent. */
    boolean isEndingSession() {
        return step == Step.ENDING_SESSION;
    }

    long stepEndNs() {
        return stepEndNs;
    }

    void onAttemptFailed() {
        triesLeft--;
    }

    /** Whether calls have had their time. */
    boolean isDrained(long now, boolean connected, int pendingCalls) {
        boolean hopeless = !connected && !waitsForServers && triesLeft <= 0;
        return step == Step.DRAINING && (now - stepEndNs >= 0 || pendingCalls == 0 || hopeless);
    }

    void endSession(long now) {
        step = Step.ENDING_SESSION;
        stepEndNs = now + SessionCore.CLOSE_ANSWER_NS;
    }

    /** The request that ends the session was sent. */
    void onTold() {
        toldServer = true;
    }

    boolean hasToldServer() {
        return toldServer;
    }

    /** Whether nothing is worth waiting for any more. */
    boolean isOver(long now, boolean connected, boolean hasSession) {
        boolean unreachable = !connected && (!hasSession || toldServer || triesLeft <= 0);
        return step == Step.ENDING_SESSION && (now - stepEndNs >= 0 || unreachable);
    }
}
