package io.coord.server.internal.pipeline;

/**
 * @param tickMs width of the buckets in which sessions expire
 * @param minTimeoutMs a shorter time-out is raised to this, a negative one too
 * @param maxTimeoutMs a longer time-out is cut to this
 */
public record SessionRules(int tickMs, int minTimeoutMs, int maxTimeoutMs) {
    int clamp(int timeoutMs) {
        return Math.min(Math.max(timeoutMs, minTimeoutMs), maxTimeoutMs);
    }
}
