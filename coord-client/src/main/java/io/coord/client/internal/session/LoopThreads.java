package io.coord.client.internal.session;

import io.coord.client.internal.callback.CallbackPool;
import io.coord.client.internal.callback.NonBlocking;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one client or of many: network loops, one group for each kind of transport, made when the first client
 * needs it, and threads for callbacks. They end when this is closed and the last client that uses them is.
 *
 * <p>Thread-safe: the monitor guards groups, users and {@code closed}; the pools are thread-safe themselves.
 */
public final class LoopThreads {
    /**
     * A loop goes on for so long after its last client: a server in this process closes its end of a local channel a moment
     * later, and Netty does that by a task on this end's loop.
     */
    private static final long LINGER_MS = 100;

    private static final int CALLBACK_THREADS = 8;

    private final int ioThreads;
    private final CallbackPool callbacks;
    /** By the factory object itself: the same object means the same kind of transport. */
    private final IdentityHashMap<IoHandlerFactory, EventLoopGroup> groups = new IdentityHashMap<>();

    private final ThreadFactory names;
    private int users;
    private boolean closed;

    public LoopThreads(int ioThreads, int callbackThreads) {
        this.ioThreads = ioThreads;
        this.callbacks = new CallbackPool("coord-client-callback", callbackThreads);
        this.names = new IoThreads(ioThreads == 1 ? "" : "-");
    }

    /** For one client, whose close ends them. */
    static LoopThreads ofOneClient() {
        return new LoopThreads(1, CALLBACK_THREADS);
    }

    Executor callbacks() {
        return callbacks;
    }

    /**
     * A loop for a client that starts; each must be given back with {@link #release}.
     *
     * @throws IllegalStateException when this is closed
     */
    EventLoop acquire(IoHandlerFactory transport) {
        synchronized (groups) {
            if (closed) {
                throw new IllegalStateException("the client's threads are closed");
            }
            EventLoop loop = groups.computeIfAbsent(
                            transport, handlers -> new MultiThreadIoEventLoopGroup(ioThreads, names, handlers))
                    .next();
            users++;
            return loop;
        }
    }

    /** A client needs its loop no longer; that may be the loop's last task. */
    void release() {
        synchronized (groups) {
            users--;
            endIfUnused();
        }
    }

    /** No client can start on these threads any more; those that have may go on. Idempotent. */
    public void close() {
        synchronized (groups) {
            closed = true;
            endIfUnused();
        }
    }

    private void endIfUnused() {
        if (closed && users == 0) {
            groups.values().forEach(group -> group.shutdownGracefully(LINGER_MS, 1_000, TimeUnit.MILLISECONDS));
            callbacks.retire();
        }
    }

    private static final class IoThreads implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();
        private final String separator;

        IoThreads(String separator) {
            this.separator = separator;
        }

        @Override
        public Thread newThread(Runnable task) {
            int number = count.incrementAndGet();
            return new IoThread(task, "coord-client-io" + (separator.isEmpty() ? "" : separator + number));
        }
    }

    private static final class IoThread extends FastThreadLocalThread implements NonBlocking {
        IoThread(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
        }
    }
}
