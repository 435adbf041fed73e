package io.coord.server.internal.replication;

import io.coord.server.internal.runtime.StateMailbox;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Makes the thread of a test the owner: messages run when the test says so. */
final class OwnerQueue implements StateMailbox {
    private static final long DEADLINE_SECONDS = 30;

    private final LinkedBlockingQueue<Runnable> messages = new LinkedBlockingQueue<>();
    private Runnable afterEach = () -> {};

    @Override
    public void offer(Runnable message) {
        messages.add(message);
    }

    /** What to do after each message. */
    void afterEach(Runnable action) {
        afterEach = action;
    }

    /** Runs messages until something is true. */
    void runUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            try {
                Runnable message = messages.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (message == null) {
                    throw new AssertionError("not within " + DEADLINE_SECONDS + " s");
                }
                message.run();
                afterEach.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Runs what has arrived by now. */
    void runArrived() {
        for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
            message.run();
            afterEach.run();
        }
    }
}
