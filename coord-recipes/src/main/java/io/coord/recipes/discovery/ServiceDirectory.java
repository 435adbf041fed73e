package io.coord.recipes.discovery;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of services, kept in memory: looking one up asks no server. Without a connection it keeps what it knew last.
 * A znode whose JSON cannot be read is left out and logged; it does not disturb the others.
 *
 * <p>Thread-safe: a concurrent map that one callback queue writes.
 *
 * <pre>{@code
 * ServiceDirectory<Payload> directory =
 *         ServiceDirectory.ofAll(client, "/services", InstanceSerializer.of(Payload.class)).start();
 * directory.awaitInitialized(Duration.ofSeconds(10));
 * List<ServiceInstance<Payload>> shops = directory.instances("shop");
 * }</pre>
 *
 * @param <T> the payload
 */
public final class ServiceDirectory<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceDirectory.class);

    private final CoordClient client;
    private final InstanceSerializer<T> serializer;
    private final String basePath;
    private final CoordCache cache;
    private final ConcurrentNavigableMap<String, ServiceInstance<T>> instances = new ConcurrentSkipListMap<>();
    private final List<Subscription<ServiceListener<T>>> subscriptions = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> initialized = new CompletableFuture<>();

    private ServiceDirectory(
            CoordClient client, String basePath, String watchedPath, InstanceSerializer<T> serializer) {
        this.client = client;
        this.serializer = serializer;
        this.basePath = basePath;
        this.cache = CoordCache.builder(client, watchedPath).build();
        this.cache.addListener(new Feed());
    }

    /** A directory of all services below the path. */
    public static <T> ServiceDirectory<T> ofAll(CoordClient client, String basePath, InstanceSerializer<T> serializer) {
        return new ServiceDirectory<>(client, ZnodePath.validate(basePath), basePath, serializer);
    }

    /** A directory of one service, which follows that one's znodes only. */
    public static <T> ServiceDirectory<T> ofService(
            CoordClient client, String basePath, String serviceName, InstanceSerializer<T> serializer) {
        String servicePath = ZnodePath.child(ZnodePath.validate(basePath), serviceName);
        return new ServiceDirectory<>(client, basePath, servicePath, serializer);
    }

    /**
     * Starts to fill the directory, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public ServiceDirectory<T> start() {
        cache.start();
        return this;
    }

    /** Ends the watch without waiting; what is known stays readable. Idempotent. */
    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        initialized.complete(false);
        cache.close();
    }

    /** Whether {@link #start()} was called, or the directory was closed before. */
    public boolean isStarted() {
        return cache.isStarted();
    }

    /** The services that have instances, in the order of their names. */
    public NavigableSet<String> names() {
        NavigableSet<String> names = new TreeSet<>();
        instances.values().forEach(instance -> names.add(instance.name()));
        return Collections.unmodifiableNavigableSet(names);
    }

    /** The instances of a service, in the order of their ids; empty when there are none. */
    public List<ServiceInstance<T>> instances(String serviceName) {
        String prefix = ZnodePath.child(ZnodePath.child(basePath, serviceName), "");
        List<ServiceInstance<T>> found = new ArrayList<>();
        for (var entry : instances.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            found.add(entry.getValue());
        }
        return Collections.unmodifiableList(found);
    }

    /** One instance. */
    public Optional<ServiceInstance<T>> instance(String serviceName, String id) {
        return Optional.ofNullable(instances.get(ZnodePath.child(ZnodePath.child(basePath, serviceName), id)));
    }

    /** How many instances are known. */
    public int size() {
        return instances.size();
    }

    /** Whether the directory is complete and the servers are in reach; otherwise it shows what was known last. */
    public boolean isInSync() {
        return initialized.isDone() && cache.isInSync();
    }

    /** Whether the directory was complete once. */
    public boolean isInitialized() {
        return initialized.getNow(false);
    }

    /** Completes when the directory is complete for the first time: with true, or with false when it is closed before. */
    public CompletionStage<Boolean> initializedAsync() {
        return initialized.copy();
    }

    /**
     * Waits until the directory was complete once.
     *
     * @return whether it was; false when the time passed or it was closed
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitInitialized(Duration timeout) {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        initialized.thenAccept(waiter::complete);
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, "awaitInitialized", basePath);
    }

    /**
     * Tells the listener of changes from now on.
     *
     * @return closing it ends that
     */
    public Registration addListener(ServiceListener<T> listener) {
        Subscription<ServiceListener<T>> subscription =
                new Subscription<>(listener, client.callbackExecutor(), subscriptions);
        subscriptions.add(subscription);
        return subscription;
    }

    private boolean isInstancePath(String path) {
        String service = ZnodePath.parent(path);
        return !service.equals(path)
                && !service.equals(basePath)
                && ZnodePath.parent(service).equals(basePath);
    }

    private @Nullable ServiceInstance<T> read(CachedNode node) {
        try {
            return serializer.deserialize(node.data());
        } catch (RuntimeException e) {
            LOG.warn("{} is not the JSON of a service instance and is left out: {}", node.path(), e.toString());
            return null;
        }
    }

    private void show(String path, @Nullable ServiceInstance<T> now) {
        ServiceInstance<T> before = now == null ? instances.remove(path) : instances.put(path, now);
        if (now == null) {
            if (before != null) {
                tell(listener -> listener.onRemoved(before));
            }
        } else if (before == null) {
            tell(listener -> listener.onAdded(now));
        } else if (!before.equals(now)) {
            tell(listener -> listener.onUpdated(before, now));
        }
    }

    private void tell(Consumer<ServiceListener<T>> what) {
        for (Subscription<ServiceListener<T>> subscription : subscriptions) {
            subscription.tell(what);
        }
    }

    /** Runs on one callback queue. */
    private final class Feed implements CacheListener {
        @Override
        public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
            if (after != null && isInstancePath(after.path())) {
                show(after.path(), read(after));
            } else if (before != null && isInstancePath(before.path())) {
                // An instance that registered anew is there already: its creation follows and tells an update.
                CachedNode now = cache.get(before.path()).orElse(null);
                if (now == null || now.stat().czxid() == before.stat().czxid()) {
                    show(before.path(), null);
                }
            }
        }

        @Override
        public void onInitialized() {
            initialized.complete(true);
        }

        @Override
        public void onResynced() {
            tell(ServiceListener::onResynced);
        }
    }
}
