package io.coord.server.internal.tls;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what would hold the owner thread up: signatures, key agreement, the checking of certificates, files. What waits
 * for them is bounded by the number of handshakes, each of which waits for one step at a time. Idle threads end.
 */
final class TlsThreads extends ThreadPoolExecutor {
    /** The owner thread needs a processor, too. */
    private static final int MOST = 4;

    private static final long IDLE_SECONDS = 10;

    TlsThreads(int processors) {
        super(
                count(processors),
                count(processors),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("coord-server-tls", true));
        allowCoreThreadTimeOut(true);
    }

    private static int count(int processors) {
        return Math.max(1, Math.min(MOST, processors / 2));
    }
}
