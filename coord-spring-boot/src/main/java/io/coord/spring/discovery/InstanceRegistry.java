package io.coord.spring.discovery;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.recipes.discovery.ServiceRegistration.State;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that this application has registered by name and id, each once however often it is registered.
 *
 * <p>Thread-safe: its state is guarded by its monitor.
 */
public final class InstanceRegistry {

    private static final Logger logger = LoggerFactory.getLogger(InstanceRegistry.class);

    private final CoordClient client;
    private final String root;
    private final InstanceSerializer<InstanceDetails> serializer;
    private final Map<Key, ServiceRegistration<InstanceDetails>> registrations = new HashMap<>();

    /** Deregistrations under way: who registers the same instance again waits for them. */
    private final Map<Key, CompletableFuture<Void>> leaving = new HashMap<>();

    private boolean closed;

    private record Key(String service, String id) {}

    /** @param root path below which services are registered */
    public InstanceRegistry(CoordClient client, String root, InstanceSerializer<InstanceDetails> serializer) {
        this.client = client;
        this.root = root;
        this.serializer = serializer;
    }

    /**
     * Registers the instance, or changes what is registered under its name and id. Does not wait: it is registered as soon as the
     * servers are in reach, and again after a lost session.
     *
     * @throws IllegalArgumentException when the instance cannot be registered
     * @throws IllegalStateException after {@link #closeAsync()}
     */
    public synchronized void register(ServiceInstance<InstanceDetails> instance) {
        if (closed) {
            throw new IllegalStateException("this application is being stopped and registers nothing any more");
        }
        Key key = new Key(instance.name(), instance.id());
        ServiceRegistration<InstanceDetails> present = registrations.get(key);
        if (present != null && !isOver(present)) {
            present.update(instance);
            return;
        }
        logger.info(
                "Registering {} at {}:{} as {}",
                instance.name(),
                instance.address(),
                instance.sslPort() == null ? instance.port() : instance.sslPort(),
                instance.id());
        ServiceRegistration<InstanceDetails> registration =
                new ServiceRegistration<>(client, root, instance, serializer);
        registrations.put(key, registration);
        CompletableFuture<Void> before = leaving.get(key);
        if (before == null) {
            registration.start();
        } else {
            before.thenRun(() -> start(key, registration));
        }
    }

    private synchronized void start(Key key, ServiceRegistration<InstanceDetails> registration) {
        if (registrations.get(key) == registration) {
            registration.start();
        }
    }

    private static boolean isOver(ServiceRegistration<?> registration) {
        return registration.state() == State.DISPLACED || registration.state() == State.UNREGISTERED;
    }

    /** What was registered here under this name and id, registered by now or not. */
    public synchronized Optional<ServiceInstance<InstanceDetails>> find(String service, String id) {
        return Optional.ofNullable(registrations.get(new Key(service, id))).map(ServiceRegistration::instance);
    }

    /**
     * Takes a registration back, without waiting; does nothing when there is none. Without a connection the servers drop it with the
     * session, or when the connection is back.
     *
     * @return completes when the servers have surely no such registration of this application any more
     */
    public synchronized CompletionStage<Void> deregister(String service, String id) {
        Key key = new Key(service, id);
        ServiceRegistration<InstanceDetails> registration = registrations.remove(key);
        if (registration == null) {
            return leaving.getOrDefault(key, CompletableFuture.completedFuture(null))
                    .copy();
        }
        CompletableFuture<Void> earlier = leaving.getOrDefault(key, CompletableFuture.completedFuture(null));
        CompletableFuture<Void> removed = registration
                .unregisterAsync()
                .toCompletableFuture()
                .exceptionally(failure -> {
                    logger.warn("{} may still be registered: {}", registration.path(), failure.toString());
                    return null;
                });
        CompletableFuture<Void> gone = CompletableFuture.allOf(earlier, removed);
        leaving.put(key, gone);
        gone.thenRun(() -> forget(key, gone));
        return gone.copy();
    }

    private synchronized void forget(Key key, CompletableFuture<Void> gone) {
        leaving.remove(key, gone);
    }

    /** Whether the servers know an instance that was registered here. */
    public synchronized boolean isAnyRegistered() {
        return registrations.values().stream().anyMatch(each -> each.state() == State.REGISTERED);
    }

    /**
     * Takes all registrations back and accepts no others.
     *
     * @return completes as that of {@link #deregister} for each of them
     */
    public synchronized CompletionStage<Void> closeAsync() {
        closed = true;
        for (Key key : Map.copyOf(registrations).keySet()) {
            deregister(key.service(), key.id());
        }
        return CompletableFuture.allOf(leaving.values().toArray(CompletableFuture<?>[]::new));
    }
}
