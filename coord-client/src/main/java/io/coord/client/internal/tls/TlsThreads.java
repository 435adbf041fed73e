package io.coord.client.internal.tls;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for what would hold network threads up. Idle ones end. */
final class TlsThreads {
    private static final int COUNT = 2;
    private static final long IDLE_SECONDS = 1;

    /** What waits is bounded by the attempts to connect, one for each client. */
    static final ThreadPoolExecutor SHARED = start();

    private TlsThreads() {}

    private static ThreadPoolExecutor start() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                COUNT,
                COUNT,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("coord-client-tls", true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
