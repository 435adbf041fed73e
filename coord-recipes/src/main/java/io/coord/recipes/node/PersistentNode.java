package io.coord.recipes.node;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Subscription;
import io.coord.recipes.internal.node.KeptNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Keeps a znode in place: an ephemeral one is made again after a lost session, and any is when somebody deletes it; data that
 * somebody else writes are written back. It differs from Curator's {@code PersistentNode} where another session has a znode at
 * the path: nothing is written over it. This one waits until that znode is gone ({@link State#OCCUPIED}), or takes it over
 * once, when it is told to.
 *
 * <p>Thread-safe: its state belongs to one serial queue, and volatile fields show it.
 *
 * <pre>{@code
 * PersistentNode node = PersistentNode.builder(client, "/workers/a").data(bytes).build().start();
 * node.addListener(state -> {
 *     if (state == PersistentNode.State.OCCUPIED) {
 *         use("somebody else is /workers/a");
 *     }
 * });
 * }</pre>
 */
public final class PersistentNode implements AutoCloseable {
    /** How far it is. */
    public enum State {
        /** Not there yet, or not any more since the session was lost; it goes on trying. */
        MISSING,
        /** There, as this client's own, when it was last looked at. */
        IN_PLACE,
        /** Another session has a znode there; it goes on waiting for the end of that. */
        OCCUPIED,
        /** Another process has taken the path over from this one, which had taken it over itself. Final. */
        DISPLACED,
        /** Closed, or the client was closed. Final. */
        CLOSED
    }

    private final CoordClient client;
    private final KeptNode node;
    private final List<Subscription<Consumer<State>>> subscriptions = new CopyOnWriteArrayList<>();
    private volatile byte[] data;

    private PersistentNode(Builder settings) {
        this.client = settings.client;
        this.data = settings.data;
        this.node =
                new KeptNode(client, settings.path, settings.mode, settings.data, settings.takesOver, this::onState);
    }

    /** An ephemeral znode without data, unless the builder is told otherwise. */
    public static Builder builder(CoordClient client, String path) {
        return new Builder(client, path);
    }

    /**
     * Starts without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public PersistentNode start() {
        node.start();
        return this;
    }

    public String path() {
        return node.path();
    }

    public State state() {
        return stateOf(node.state());
    }

    private static State stateOf(KeptNode.State state) {
        return switch (state) {
            case MISSING -> State.MISSING;
            case IN_PLACE -> State.IN_PLACE;
            case OCCUPIED -> State.OCCUPIED;
            case DISPLACED -> State.DISPLACED;
            case GONE -> State.CLOSED;
        };
    }

    /** Why the last attempt failed; empty when it succeeded or there was none. */
    public Optional<RuntimeException> lastFailure() {
        return node.lastFailure();
    }

    /**
     * Waits until the znode was in place once.
     *
     * @return whether it was; false when the time passed, or when it never will be
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitInPlace(Duration timeout) {
        return node.awaitInPlace(timeout, "awaitInPlace");
    }

    /** The data that are, or are to be, in place. Not copied. */
    public byte[] data() {
        return data;
    }

    /** Puts other data in place, at any time, without waiting. The array is not copied. */
    public void setData(byte[] newer) {
        data = newer;
        node.update(newer);
    }

    /**
     * Tells the listener of each new state from now on, on a callback thread.
     *
     * @return closing it ends that
     */
    public Registration addListener(Consumer<State> listener) {
        Subscription<Consumer<State>> subscription =
                new Subscription<>(listener, client.callbackExecutor(), subscriptions);
        subscriptions.add(subscription);
        return subscription;
    }

    private void onState(KeptNode.State state) {
        for (Subscription<Consumer<State>> subscription : subscriptions) {
            subscription.tell(listener -> listener.accept(stateOf(state)));
        }
    }

    /**
     * Deletes the znode, if it is this client's own, without waiting. Idempotent.
     *
     * @return completes when it is surely gone, or is somebody else's
     */
    public CompletionStage<Void> closeAsync() {
        return node.removeAsync();
    }

    /**
     * Deletes the znode, if it is this client's own, and waits until the servers have confirmed it. When they are out of reach
     * it does not wait: the znode is deleted as soon as they are back, or vanishes with the session. On threads of the client
     * it does not wait either. Idempotent.
     */
    @Override
    public void close() {
        node.removeAsync();
        node.awaitEnd("close");
    }

    /** Leaves the znode as it is and looks after it no longer. */
    void abandon() {
        node.abandon();
    }

    /** Settings of a {@link PersistentNode}. Not thread-safe. */
    public static final class Builder {
        private final CoordClient client;
        private final String path;
        private CreateMode mode = CreateMode.EPHEMERAL;
        private byte[] data = {};
        private boolean takesOver;

        private Builder(CoordClient client, String path) {
            this.client = client;
            this.path = ZnodePath.validate(path);
        }

        /**
         * The kind of znode, ephemeral by default. A persistent znode or a container that is there already is taken as it is and
         * gets this one's data; such a znode has no owner who could be asked.
         *
         * @throws IllegalArgumentException for sequential znodes and those with a time to live, see {@link PersistentTtlNode}
         */
        public Builder mode(CreateMode kind) {
            if (kind.isSequential() || kind.isTtl()) {
                throw new IllegalArgumentException("a persistent node cannot be " + kind);
            }
            this.mode = kind;
            return this;
        }

        /** Not copied. */
        public Builder data(byte[] bytes) {
            this.data = bytes;
            return this;
        }

        /**
         * Replaces, at the first time, what another session has there: for a process that was started again under the same name
         * and need not wait for the end of its predecessor's session. When another takes the path over later, this one stops.
         */
        public Builder takingOver() {
            this.takesOver = true;
            return this;
        }

        /** Makes the node, which does nothing before {@link PersistentNode#start()}. */
        public PersistentNode build() {
            return new PersistentNode(this);
        }
    }
}
