package io.coord.client.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Resolves names for all attempts of one connector. Whoever asks while an answer for the same name is under way gets that
 * answer, so a thousand clients that come back at once ask once, and a name server that hangs holds one thread.
 *
 * <p>Thread-safe: a concurrent map of what is under way; an entry goes before its answer is told.
 */
final class SharedResolution {
    /** So many names may hang before one that does not must wait for them. */
    private static final int THREADS = 8;

    private static final long KEEP_ALIVE_SECONDS = 1;
    private static final ThreadPoolExecutor RESOLVERS = resolvers();

    private final HostResolver resolver;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();

    SharedResolution(HostResolver resolver) {
        this.resolver = resolver;
    }

    private static ThreadPoolExecutor resolvers() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "coord-client-resolve");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The answer comes on a thread of its own. */
    CompletableFuture<List<InetAddress>> resolve(String host) {
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> first = underWay.putIfAbsent(host, mine);
        if (first != null) {
            return first;
        }
        try {
            RESOLVERS.execute(() -> run(host, mine));
        } catch (Throwable e) {
            // No thread can be had.
            fail(host, mine, e);
        }
        return mine;
    }

    private void run(String host, CompletableFuture<List<InetAddress>> answer) {
        List<InetAddress> addresses;
        try {
            addresses = List.copyOf(resolver.resolve(host));
            if (addresses.isEmpty()) {
                throw new UnknownHostException(host + ": no address");
            }
        } catch (Throwable e) {
            // Whatever it is: without an answer nobody could ask for this name again.
            fail(host, answer, e);
            return;
        }
        underWay.remove(host, answer);
        answer.complete(addresses);
    }

    private void fail(String host, CompletableFuture<List<InetAddress>> answer, Throwable reason) {
        underWay.remove(host, answer);
        answer.completeExceptionally(reason);
    }
}
