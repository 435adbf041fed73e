package io.coord.client.internal.session;

import io.coord.client.error.CallInterruptedException;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionLease;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import java.util.concurrent.TimeUnit;

/**
 * What other threads may see of the session.
 *
 * <p>Thread-safe: the network thread writes under the monitor, so that waiters wake; reads are of volatile fields.
 */
final class SessionBoard {
    private final Object monitor = new Object();
    private final SessionListeners listeners = new SessionListeners();
    private final ClientMetrics metrics;
    private volatile SessionState state = SessionState.CONNECTING;
    private volatile SessionEpoch epoch = SessionEpoch.NONE;

    SessionBoard(ClientMetrics metrics) {
        this.metrics = metrics;
    }

    ClientMetrics metrics() {
        return metrics;
    }

    /** A call is over; on the network thread, or on that which closes the client. */
    void tellCompleted(Call call, ClientMetrics.Outcome outcome, long nowNs, int responseBytes, int children) {
        if (metrics == ClientMetrics.NONE) {
            return;
        }
        metrics.onRequestCompleted(new CompletedRequest(
                call.operation,
                call.request.op(),
                call.path,
                outcome,
                call.error,
                nowNs - call.startNs,
                call.requestBytes,
                responseBytes,
                children,
                call.arming != null,
                epoch.sessionId(),
                call.observed));
    }

    SessionListeners listeners() {
        return listeners;
    }

    SessionState state() {
        return state;
    }

    SessionLease lease() {
        return epoch;
    }

    void startLease(long sessionId, long generation, long endNs) {
        epoch = new SessionEpoch(sessionId, generation, endNs);
    }

    void renewLease(long endNs) {
        epoch.renew(endNs);
    }

    void endLease() {
        epoch.end();
    }

    void change(SessionState before, SessionState after, SessionEvent event) {
        synchronized (monitor) {
            state = after;
            monitor.notifyAll();
        }
        metrics.onStateChanged(before, after);
        listeners.tell(event);
    }

    /** Closed without ever having been started. */
    void onNeverStarted() {
        SessionState before;
        synchronized (monitor) {
            before = state;
            state = SessionState.CLOSED;
        }
        if (before != SessionState.CLOSED) {
            change(before, SessionState.CLOSED, new SessionEvent(SessionEvent.Type.CLOSED, 0, 0));
        }
    }

    boolean awaitConnected(long timeoutNs) {
        long end = System.nanoTime() + timeoutNs;
        synchronized (monitor) {
            while (state != SessionState.CONNECTED && state != SessionState.CLOSED) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(monitor, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CallInterruptedException("blockUntilConnected", null);
                }
            }
            return state == SessionState.CONNECTED;
        }
    }
}
