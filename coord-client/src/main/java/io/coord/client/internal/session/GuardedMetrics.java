package io.coord.client.internal.session;

import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics whose exceptions end here: one that came through would cost a call its outcome, or the client its timer. Logged
 * once, since they may come with each request.
 *
 * <p>Thread-safe if what it guards is: {@code warned} only keeps the log short.
 */
final class GuardedMetrics implements ClientMetrics {
    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);

    private final ClientMetrics guarded;
    private volatile boolean warned;

    private GuardedMetrics(ClientMetrics guarded) {
        this.guarded = guarded;
    }

    static ClientMetrics of(ClientMetrics metrics) {
        return metrics == ClientMetrics.NONE ? metrics : new GuardedMetrics(metrics);
    }

    @Override
    public @Nullable Object onRequestSubmitted(String operation, @Nullable String path) {
        try {
            return guarded.onRequestSubmitted(operation, path);
        } catch (Throwable e) {
            warn(e);
            return null;
        }
    }

    @Override
    public void onRequestCompleted(CompletedRequest request) {
        try {
            guarded.onRequestCompleted(request);
        } catch (Throwable e) {
            warn(e);
        }
    }

    @Override
    public void onBytesSent(int bytes) {
        try {
            guarded.onBytesSent(bytes);
        } catch (Throwable e) {
            warn(e);
        }
    }

    @Override
    public void onBytesReceived(int bytes) {
        try {
            guarded.onBytesReceived(bytes);
        } catch (Throwable e) {
            warn(e);
        }
    }

    @Override
    public void onStateChanged(SessionState before, SessionState after) {
        try {
            guarded.onStateChanged(before, after);
        } catch (Throwable e) {
            warn(e);
        }
    }

    private void warn(Throwable thrown) {
        if (!warned) {
            warned = true;
            log.error("The client's metrics threw; what they throw from now on is not logged", thrown);
        }
    }
}
