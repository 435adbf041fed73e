package io.coord.recipes.server;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.session.ReconnectBackoff;
import io.coord.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What tests of recipes share that run on our server and on a real ZooKeeper: the server, clients, a place of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class RecipeContract {
    /** Longer than anything takes that should happen at all. */
    protected static final Duration SOON = Duration.ofSeconds(15);

    /** Outlives any pause of a busy machine. */
    private static final Duration UNHURRIED_SESSION = Duration.ofSeconds(20);

    private static final AtomicInteger PLACES = new AtomicInteger();

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private TestServer server;
    private ExecutorService threads;

    protected abstract TestServer startServer();

    @BeforeAll
    final void start() {
        ((Logger) LoggerFactory.getLogger("io.coord.client")).setLevel(Level.WARN);
        ((Logger) LoggerFactory.getLogger("io.coord.server")).setLevel(Level.WARN);
        server = startServer();
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    final void closeClients() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.removeLast().close();
        }
    }

    @AfterAll
    final void stop() {
        threads.shutdownNow();
        server.close();
    }

    /** A path that no other test uses. */
    protected static String place(String name) {
        return "/" + name + "-" + PLACES.incrementAndGet();
    }

    protected <T extends AutoCloseable> T closing(T resource) {
        toClose.addLast(resource);
        return resource;
    }

    protected CoordClient client() {
        return client(server.connectString(), UNHURRIED_SESSION);
    }

    protected CoordClient client(FaultProxy proxy, Duration sessionTimeout) {
        return client(proxy.connectString(), sessionTimeout);
    }

    /** A client with further settings. */
    protected CoordClient client(UnaryOperator<CoordClientBuilder> settings) {
        return client(server.connectString(), UNHURRIED_SESSION, settings);
    }

    private CoordClient client(String connectString, Duration sessionTimeout) {
        return client(connectString, sessionTimeout, UnaryOperator.identity());
    }

    private CoordClient client(
            String connectString, Duration sessionTimeout, UnaryOperator<CoordClientBuilder> settings) {
        CoordClientBuilder builder = CoordClient.builder()
                .connectString(connectString)
                .sessionTimeout(sessionTimeout)
                .connectTimeout(Duration.ofSeconds(2))
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(50), Duration.ofMillis(200), 0.5));
        return closing(settings.apply(builder).build()).start();
    }

    /** A proxy in front of the server. */
    protected FaultProxy proxy() {
        return closing(FaultProxy.to(server.port()));
    }

    protected CuratorFramework curator() {
        return curator(false);
    }

    protected CuratorFramework curator(boolean compressing) {
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(server.connectString())
                .sessionTimeoutMs((int) UNHURRIED_SESSION.toMillis())
                .connectionTimeoutMs(15_000)
                .retryPolicy(new RetryOneTime(100));
        CuratorFramework curator = closing((compressing ? builder.enableCompression() : builder).build());
        curator.start();
        return curator;
    }

    /** Takes the network away until {@link FaultProxy#resume()}. */
    protected static void unplug(FaultProxy proxy) {
        proxy.refuse();
        proxy.cut();
    }

    protected static ConditionFactory soon() {
        return await().atMost(SOON).pollInterval(Duration.ofMillis(5));
    }

    /** Runs it on a thread of its own. */
    protected <T> CompletableFuture<T> onThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    protected CompletableFuture<Void> onThread(Runnable work) {
        return CompletableFuture.runAsync(work, threads);
    }

    /** The result, or a failure when it does not come soon. */
    protected static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            throw new AssertionError("it did not come in " + SOON, e);
        }
    }
}
