package io.coord.spring.leader;

import java.time.Duration;

/**
 * When an application whose health changes may lead. It may until it has been unhealthy for a time without a break, and may not then until
 * it has been healthy for a time without a break. A health that changes faster than that changes nothing.
 *
 * <p>Owned by whoever reads the health.
 */
final class YieldRule {

    private final long downForNanos;
    private final long upForNanos;
    private boolean mayLead = true;

    /** Whether the last readings speak against what is, and since when. */
    private boolean changing;

    private long changingSince;

    YieldRule(Duration downFor, Duration upFor) {
        this.downForNanos = downFor.toNanos();
        this.upForNanos = upFor.toNanos();
    }

    /**
     * Takes a reading.
     *
     * @param nowNanos of a clock that never goes back
     * @return whether the application may lead from now on
     */
    boolean read(boolean healthy, long nowNanos) {
        if (healthy == mayLead) {
            changing = false;
            return mayLead;
        }
        if (!changing) {
            changing = true;
            changingSince = nowNanos;
        }
        if (nowNanos - changingSince >= (mayLead ? downForNanos : upForNanos)) {
            mayLead = healthy;
            changing = false;
        }
        return mayLead;
    }
}
