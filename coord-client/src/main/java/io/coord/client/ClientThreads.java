package io.coord.client;

import io.coord.client.internal.session.LoopThreads;

/**
 * Threads that many clients of one process share, so that a thousand clients need a handful: see {@link
 * CoordClientBuilder#threads}. A client that is given none has threads of its own, which end with it.
 *
 * <p>Network threads never wait for user code, and run what recipes keep to themselves, so one of them serves hundreds of clients; each client stays on one of them
 * for life. Callback threads are the ones that user code may hold up: as many blocked callbacks as there are threads stop
 * the callbacks of all clients that share them.
 *
 * <p>Whoever made it closes it. All threads are daemons and end when it is closed <em>and</em> the last client that was
 * started with it is closed, so the order of the two does not matter.
 *
 * <p>Thread-safe: it holds no mutable state of its own.
 *
 * <pre>{@code
 * try (ClientThreads threads = ClientThreads.create()) {
 *     for (String tenant : List.of("north", "south")) {
 *         CoordClient each = CoordClient.builder()
 *                 .connectString("zk-1:2181")
 *                 .namespace(tenant)
 *                 .threads(threads)
 *                 .build()
 *                 .start();
 *         use(each);
 *     }
 * }
 * }</pre>
 */
public final class ClientThreads implements AutoCloseable {
    private static final int MOST_THREADS = 1_024;

    private final LoopThreads threads;

    private ClientThreads(int ioThreads, int callbackThreads) {
        this.threads = new LoopThreads(ioThreads, callbackThreads);
    }

    /** One network thread and eight callback threads: enough for hundreds of clients. */
    public static ClientThreads create() {
        return create(1, 8);
    }

    /**
     * @param ioThreads network threads, for each kind of transport in use (sockets, in process)
     * @param callbackThreads at most; they come when there is work and go after 10 idle seconds
     */
    public static ClientThreads create(int ioThreads, int callbackThreads) {
        return new ClientThreads(checked("network", ioThreads), checked("callback", callbackThreads));
    }

    private static int checked(String kind, int count) {
        if (count < 1 || count > MOST_THREADS) {
            throw new IllegalArgumentException("from 1 to " + MOST_THREADS + " " + kind + " threads, not " + count);
        }
        return count;
    }

    /** Lets no further client start on these threads; clients that have started go on. Does not wait. Idempotent. */
    @Override
    public void close() {
        threads.close();
    }

    LoopThreads threads() {
        return threads;
    }
}
