package io.coord.client.spi;

import io.coord.client.spi.ClientMetrics.Outcome;
import io.coord.protocol.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * One request that is over, retries included: what meters and traces want to know. A call that takes several requests (the
 * parents of a create, the branch of a delete) makes one of these for each.
 *
 * <pre>{@code
 * ClientMetrics slowCalls = new ClientMetrics() {
 *     @Override
 *     public void onRequestCompleted(CompletedRequest request) {
 *         if (request.durationNanos() > TimeUnit.SECONDS.toNanos(1)) {
 *             use(request.operation(), request.path(), request.outcome());
 *         }
 *     }
 * };
 * }</pre>
 *
 * @param operation the builder's name, as in exceptions: {@code getData} for instance, {@code transaction} for a multi
 * @param op the request itself, {@code GET_DATA} for instance
 * @param path as the caller gave it; null for a transaction
 * @param errorCode ZooKeeper's code ({@code -101} for NoNode) when the server refused it; 0 otherwise
 * @param durationNanos since it was submitted
 * @param requestBytes of its frame; 0 when it was never written
 * @param responseBytes of the answer's frame; 0 when none came
 * @param children how many the answer names; -1 for other operations
 * @param watching whether it was to arm a watch
 * @param sessionId at the moment of its end; 0 without a session
 * @param observed what {@link ClientMetrics#onRequestSubmitted} returned for it
 */
public record CompletedRequest(
        String operation,
        OpCode op,
        @Nullable String path,
        Outcome outcome,
        int errorCode,
        long durationNanos,
        int requestBytes,
        int responseBytes,
        int children,
        boolean watching,
        long sessionId,
        @Nullable Object observed) {}
