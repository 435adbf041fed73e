package io.coord.client.spi;

import io.coord.client.session.SessionState;
import org.jspecify.annotations.Nullable;

/**
 * Told what the client does, for meters and traces. Called on the network thread, but for {@link #onRequestSubmitted} (the
 * close of a client that was never started is told on the closing thread): implementations must be quick and must not block or call the client. What they
 * throw is logged, once for each client, and changes nothing.
 *
 * <pre>{@code
 * AtomicLong lost = new AtomicLong();
 * ClientMetrics counting = new ClientMetrics() {
 *     @Override
 *     public void onRequestCompleted(CompletedRequest request) {
 *         if (request.outcome() == ClientMetrics.Outcome.CONNECTION_LOSS) {
 *             lost.incrementAndGet();
 *         }
 *     }
 *
 *     @Override
 *     public void onStateChanged(SessionState before, SessionState after) {
 *         use(before, after);
 *     }
 * };
 * CoordClient client = CoordClient.builder().connectString("zk-1:2181").metrics(counting).build();
 * }</pre>
 */
public interface ClientMetrics {
    /** Counts nothing. */
    ClientMetrics NONE = new ClientMetrics() {};

    /** How a request ended. */
    enum Outcome {
        /** The server did it. */
        SUCCESS,
        /** The server refused it, or the client did before it was sent. */
        ERROR,
        /** The deadline passed. */
        TIMEOUT,
        /** The connection or the session was lost. */
        CONNECTION_LOSS
    }

    /**
     * A request is about to be handed to the network thread; told on the thread that makes it, which is the network thread for what
     * recipes and calls of several requests do by themselves. It is over in {@link #onRequestCompleted}, always.
     *
     * @return what that is to carry, such as a span; null for nothing
     */
    default @Nullable Object onRequestSubmitted(String operation, @Nullable String path) {
        return null;
    }

    /** A request is over, retries included. */
    default void onRequestCompleted(CompletedRequest request) {}

    /** A frame was written, with this many bytes; requests only. */
    default void onBytesSent(int bytes) {}

    /** A frame was read, with this many bytes. */
    default void onBytesReceived(int bytes) {}

    /** The state changed; RECONNECTED and LOST can be told from the pair. */
    default void onStateChanged(SessionState before, SessionState after) {}
}
