package io.coord.client.internal.callback;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that run callbacks. They are daemons, come when there is work and go when they are idle; the pool is never shut
 * down, so that a task that arrives while the client closes is run and not lost.
 *
 * <p>Thread-safe: all state is that of the executor.
 */
public final class CallbackPool implements Executor {
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    public CallbackPool(String name, int size) {
        this.threads = new ThreadPoolExecutor(
                size, size, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new Threads(name));
        this.threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Lets idle threads go at once from now on. */
    public void retire() {
        threads.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
    }

    private static final class Threads implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();
        private final String name;

        Threads(String name) {
            this.name = name;
        }

        @Override
        public Thread newThread(Runnable task) {
            return new CallbackThread(task, name + '-' + count.incrementAndGet());
        }
    }

    private static final class CallbackThread extends Thread implements NonBlocking {
        CallbackThread(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
        }
    }
}
