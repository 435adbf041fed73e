package io.coord.server.internal.runtime;

/** Time that passes when the test says so. */
public final class ManualClock implements Clock {
    private long monotonicMs = 1_000_000;
    private long wallMs = 1_700_000_000_000L;

    public void pass(long ms) {
        monotonicMs += ms;
        wallMs += ms;
    }

    public void setWall(long ms) {
        wallMs = ms;
    }

    @Override
    public long wallMs() {
        return wallMs;
    }

    @Override
    public long monotonicMs() {
        return monotonicMs;
    }
}
