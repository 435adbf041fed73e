package io.coord.server.internal.pipeline;

import io.coord.server.internal.metrics.Counter;
import java.util.ArrayList;
import java.util.List;

/**
 * Which connections are read from. One that has too many requests outstanding, or too large ones, waits until half of them
 * are done; when all connections together hold too much, each that asks for more waits for the others as well. What waits
 * stays in its socket.
 */
final class Backpressure {
    /** Frames up to this never wait for the bytes of others: their number is limited, so what they take is as well. */
    private static final int SMALL_REQUEST_BYTES = 4 * 1024;

    private final Limits limits;
    private final HeldBytes held;
    private final Submissions submissions;
    private final AttachedSessions sessions;
    private final Counter waits;
    private final List<ClientConnection> waitingForCommits = new ArrayList<>();

    /** @param waits how often a connection had to wait */
    Backpressure(Limits limits, HeldBytes held, Submissions submissions, AttachedSessions sessions, Counter waits) {
        this.waits = waits;
        this.limits = limits;
        this.held = held;
        this.submissions = submissions;
        this.sessions = sessions;
    }

    /** See {@link RequestSequencer#takes}. */
    boolean takes(ClientConnection connection, int frameBytes) {
        if (!connection.takesRequests()) {
            return false;
        }
        long others = held.sum();
        if (frameBytes <= SMALL_REQUEST_BYTES || others == 0 || others + frameBytes <= limits.outstandingBytes()) {
            return true;
        }
        pause(connection);
        waitForCommits(connection);
        return false;
    }

    /** To be called when a request was queued. */
    void pauseAtLimit(ClientConnection connection) {
        if (connection.queue.size() >= limits.outstandingPerConnection()
                || connection.queue.bytes() >= limits.outstandingBytesPerConnection()
                || submissions.outstanding() >= limits.outstandingWrites()
                || held.sum() >= limits.outstandingBytes()) {
            pause(connection);
        }
    }

    private void pause(ClientConnection connection) {
        if (!connection.paused) {
            waits.increment();
            connection.paused = true;
            connection.outbound.setReading(false);
        }
    }

    /** To be called when requests of the connection were answered. */
    void resumeBelowLimit(ClientConnection connection) {
        if (!connection.paused
                || connection.isOver()
                || connection.queue.size() > limits.outstandingPerConnection() / 2
                || connection.queue.bytes() > limits.outstandingBytesPerConnection() / 2) {
            return;
        }
        if (allAreBelowHalf()) {
            connection.paused = false;
            // Its pings waited in the socket, and that was our doing.
            sessions.touch(connection);
            connection.outbound.setReading(true);
        } else {
            waitForCommits(connection);
        }
    }

    private boolean allAreBelowHalf() {
        return submissions.outstanding() <= limits.outstandingWrites() / 2
                && held.sum() <= limits.outstandingBytes() / 2;
    }

    private void waitForCommits(ClientConnection connection) {
        if (!connection.waitsForCommits) {
            connection.waitsForCommits = true;
            waitingForCommits.add(connection);
        }
    }

    /** To be called when all connections together may hold less than before. */
    void resumeWaiting() {
        if (!waitingForCommits.isEmpty() && allAreBelowHalf()) {
            List<ClientConnection> waiting = List.copyOf(waitingForCommits);
            waitingForCommits.clear();
            for (ClientConnection each : waiting) {
                each.waitsForCommits = false;
                resumeBelowLimit(each);
            }
        }
    }
}
