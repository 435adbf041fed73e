package io.coord.recipes.discovery;

import io.coord.client.CoordClient;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.node.KeptNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps one instance registered: its znode is {@code <base path>/<service>/<id>}, made again after a lost session and when
 * somebody deletes it. What an earlier process with the same id has left is taken over in one transaction, so readers see no
 * gap; when somebody else takes the id over, this registration stops and says so ({@link State#DISPLACED}).
 *
 * <p>Thread-safe: its state belongs to one serial queue, and volatile fields show it.
 *
 * <pre>{@code
 * ServiceRegistration<Payload> registration = new ServiceRegistration<>(
 *                 client,
 *                 "/services",
 *                 ServiceInstance.<Payload>builder("shop").id("shop-3").address("10.0.0.3").port(8080).build(),
 *                 InstanceSerializer.of(Payload.class))
 *         .start();
 * boolean registered = registration.awaitRegistered(Duration.ofSeconds(10));
 * boolean replaced = registration.state() == ServiceRegistration.State.DISPLACED;
 * registration.close();
 * }</pre>
 *
 * @param <T> the payload
 */
public final class ServiceRegistration<T> implements AutoCloseable {
    /** How far a registration is. */
    public enum State {
        /** Not registered yet, or not any more since the session was lost; it goes on trying. */
        REGISTERING,
        REGISTERED,
        /** Another process registered under the same id. Final. */
        DISPLACED,
        /** Given up by its owner, or the client was closed. Final. */
        UNREGISTERED
    }

    private final KeptNode node;
    private final InstanceSerializer<T> serializer;
    private volatile ServiceInstance<T> instance;

    /**
     * @param basePath of all services
     * @throws IllegalArgumentException for {@link ServiceType#DYNAMIC_SEQUENTIAL}, or when the instance cannot be written
     */
    public ServiceRegistration(
            CoordClient client, String basePath, ServiceInstance<T> instance, InstanceSerializer<T> serializer) {
        if (instance.serviceType() == ServiceType.DYNAMIC_SEQUENTIAL) {
            throw new IllegalArgumentException("an instance cannot be registered as DYNAMIC_SEQUENTIAL: without its own"
                    + " path it could neither be taken over nor surely be removed; use DYNAMIC");
        }
        String path = ZnodePath.validate(
                ZnodePath.child(ZnodePath.child(ZnodePath.validate(basePath), instance.name()), instance.id()));
        CreateMode mode = instance.serviceType() == ServiceType.DYNAMIC ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT;
        this.serializer = serializer;
        this.instance = instance;
        this.node = new KeptNode(client, path, mode, serializer.serialize(instance), true, state -> {});
    }

    /**
     * Starts to register, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public ServiceRegistration<T> start() {
        node.start();
        return this;
    }

    /** The instance as it is, or is to be, registered. */
    public ServiceInstance<T> instance() {
        return instance;
    }

    /** The whole path of the instance's znode. */
    public String path() {
        return node.path();
    }

    /** Whether {@link #start()} was called, or the registration was closed before. */
    public boolean isStarted() {
        return node.isStarted();
    }

    public State state() {
        return switch (node.state()) {
            case MISSING, OCCUPIED -> State.REGISTERING;
            case IN_PLACE -> State.REGISTERED;
            case DISPLACED -> State.DISPLACED;
            case GONE -> State.UNREGISTERED;
        };
    }

    /** Why the last attempt failed; empty when it succeeded or there was none. */
    public Optional<RuntimeException> lastFailure() {
        return node.lastFailure();
    }

    /**
     * Waits until the instance was registered once.
     *
     * @return whether it was; false when the time passed, or when it never will be
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitRegistered(Duration timeout) {
        return node.awaitInPlace(timeout, "awaitRegistered");
    }

    /**
     * Registers other data under the same name and id, without waiting.
     *
     * @throws IllegalArgumentException when name, id or type differ, or it cannot be written
     */
    public void update(ServiceInstance<T> newer) {
        ServiceInstance<T> present = instance;
        if (!newer.name().equals(present.name())
                || !newer.id().equals(present.id())
                || newer.serviceType() != present.serviceType()) {
            throw new IllegalArgumentException("an update must not change name, id or type of " + path());
        }
        byte[] data = serializer.serialize(newer);
        instance = newer;
        node.update(data);
    }

    /**
     * Removes the instance's znode, without waiting. Idempotent.
     *
     * @return completes when the znode is surely gone, or is somebody else's
     */
    public CompletionStage<Void> unregisterAsync() {
        return node.removeAsync();
    }

    /**
     * Ends the registration and waits until the servers have confirmed it; a {@link ServiceType#PERMANENT} instance stays
     * registered. When the servers are out of reach it does not wait: the znode is deleted as soon as they are back, or
     * vanishes with the session. On threads of the client it does not wait either. Idempotent.
     */
    @Override
    public void close() {
        if (instance.serviceType() == ServiceType.PERMANENT) {
            node.abandon();
        } else {
            node.removeAsync();
        }
        node.awaitEnd("unregister");
    }
}
