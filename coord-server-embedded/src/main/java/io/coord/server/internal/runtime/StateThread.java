package io.coord.server.internal.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread, {@code coord-server}, that owns connections and state alike: a Netty event loop, so that a read never
 * leaves it. Thread-safe.
 */
public final class StateThread implements StateMailbox {
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Consumer<Throwable> onDefect;

    /**
     * @param onDefect told on this thread of what a message or a scheduled task throws. Whoever sent it cannot know, and
     *     what it was to do was not done, so the server should not go on as if it were.
     */
    public StateThread(Consumer<Throwable> onDefect) {
        this.onDefect = onDefect;
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("coord-server", true), CombinedIoHandler.newFactory());
        this.loop = group.next();
    }

    /** For the channels that this thread is to serve. */
    public EventLoopGroup group() {
        return group;
    }

    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** {@inheritDoc} Only once the thread has been stopped, after everything else, is a message dropped. */
    @Override
    public void offer(Runnable message) {
        try {
            loop.execute(() -> run(message));
        } catch (RejectedExecutionException e) {
            if (!loop.isShuttingDown()) {
                throw e;
            }
        }
    }

    /** {@inheritDoc} The loop takes timers that are due once per round, between its input and its tasks. */
    @Override
    public void offerBehindInput(Runnable message) {
        loop.schedule(() -> offer(message), 0, TimeUnit.NANOSECONDS);
    }

    /** Runs once, on this thread, after the delay. */
    public Future<?> schedule(Runnable task, long delayMs) {
        return loop.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onDefect.accept(e);
        }
    }

    /** Stops the thread once what it was offered is done. Does not wait. */
    public Future<?> stop() {
        return group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
