package io.coord.server.internal.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread, {@code coord-server}, that owns connections and state alike: a Netty event loop, so that a read never
 * leaves it. Thread-safe.
 */
public final class StateThread implements StateMailbox {
    private final EventLoopGroup group;
    private final EventLoop loop;

    public StateThread() {
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
            loop.execute(message);
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
        return loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    }

    /** Stops the thread once what it was offered is done. Does not wait. */
    public Future<?> stop() {
        return group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
