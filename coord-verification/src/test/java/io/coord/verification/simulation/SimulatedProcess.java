package io.coord.verification.simulation;

import io.coord.server.internal.runtime.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * One process on a machine of its own: it can crash, come back, stand still, and its clocks are not those of others. What it
 * had planned is gone with a crash and waits while it stands still.
 */
final class SimulatedProcess implements Clock {
    private static final long WALL_START_MS = 1_700_000_000_000L;
    private static final double MOST_DRIFT = 0.01;

    private final String name;
    private final EventQueue queue;
    private final double rate;
    private final long monotonicStartNs;
    private long wallOffsetMs;
    private boolean alive;
    private boolean paused;
    private int incarnation;
    private Runnable firstAfterPause = () -> {};
    private final Deque<Runnable> held = new ArrayDeque<>();

    SimulatedProcess(String name, EventQueue queue, Random random) {
        this.name = name;
        this.queue = queue;
        this.rate = 1 + MOST_DRIFT * (2 * random.nextDouble() - 1);
        this.monotonicStartNs = random.nextInt(1_000_000_000);
        this.wallOffsetMs = random.nextInt(4_000) - 2_000L;
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isRunning() {
        return alive && !paused;
    }

    int incarnation() {
        return incarnation;
    }

    void start() {
        alive = true;
        paused = false;
    }

    void crash() {
        alive = false;
        paused = false;
        incarnation++;
        held.clear();
    }

    void pause() {
        paused = true;
    }

    /** What has to be done first when the process goes on after it stood still. */
    void onResume(Runnable action) {
        firstAfterPause = action;
    }

    /** Without effect on one that has died meanwhile. */
    void resume() {
        if (!alive) {
            return;
        }
        paused = false;
        firstAfterPause.run();
        for (Runnable each : held) {
            int planned = incarnation;
            queue.in(0, () -> runAs(planned, each));
        }
        held.clear();
    }

    /** Runs in this life of the process, after a time on the world's clock. */
    EventQueue.Event in(long delayNs, Runnable task) {
        int planned = incarnation;
        return queue.in(delayNs, () -> runAs(planned, task));
    }

    /** As {@link #in}, after a time on the process's own clock. */
    EventQueue.Event inOwnTime(long delayNs, Runnable task) {
        return in((long) Math.ceil(delayNs / rate), task);
    }

    private void runAs(int planned, Runnable task) {
        if (!alive || planned != incarnation) {
            return;
        }
        if (paused) {
            held.add(task);
        } else {
            task.run();
        }
    }

    void jumpWallClock(long byMs) {
        wallOffsetMs += byMs;
    }

    long nanoTime() {
        return monotonicStartNs + (long) (queue.nowNs() * rate);
    }

    @Override
    public long wallMs() {
        return WALL_START_MS + (long) (queue.nowNs() * rate) / 1_000_000 + wallOffsetMs;
    }

    @Override
    public long monotonicMs() {
        return nanoTime() / 1_000_000;
    }
}
