package io.coord.client.session;

import java.time.Duration;

/**
 * How long the client waits between rounds over its servers: {@code base * 2^round}, at most {@code max}, less a random
 * part of up to {@code jitter} of it.
 *
 * <p>Example: {@link io.coord.client.CoordClientBuilder}.
 *
 * @param jitter 0 to 1
 */
public record ReconnectBackoff(Duration base, Duration max, double jitter) {
    /** 100 ms, doubled up to 3 s, of which a random half is taken off. */
    public static final ReconnectBackoff DEFAULT =
            new ReconnectBackoff(Duration.ofMillis(100), Duration.ofSeconds(3), 0.5);

    public ReconnectBackoff {
        if (base.isNegative() || base.isZero() || max.compareTo(base) < 0) {
            throw new IllegalArgumentException("backoff needs 0 < base <= max, not " + base + " and " + max);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, not " + jitter);
        }
    }
}
