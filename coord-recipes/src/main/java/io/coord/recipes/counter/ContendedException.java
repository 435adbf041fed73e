package io.coord.recipes.counter;

import java.time.Duration;

/**
 * Others changed the value each time, until the time for trying was over. Nothing was changed by this call.
 *
 * <pre>{@code
 * try {
 *     new DistributedAtomicLong(client, "/ids/orders").incrementAndGet();
 * } catch (ContendedException e) {
 *     // Nothing was counted. Those who lose often may queue up instead:
 *     DistributedAtomicLong.promoted(client, "/ids/orders", Duration.ofSeconds(5), "/ids/orders-lock").incrementAndGet();
 * }
 * }</pre>
 */
public final class ContendedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ContendedException(String path, int attempts, Duration within) {
        super(path + " was changed by others " + attempts + " times within " + within);
    }
}
