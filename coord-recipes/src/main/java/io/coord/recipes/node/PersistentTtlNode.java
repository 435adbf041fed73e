package io.coord.recipes.node;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a znode that outlives this client's session, but not for ever: a container with a child named {@code touch}, which has
 * a time to live and is written at every half of it. When nobody does that any more the child is removed, and then the empty
 * container; the servers look for both at their intervals. Layout and rhythm are those of Curator's {@code PersistentTtlNode};
 * several processes may keep the same one.
 *
 * <p>Real ZooKeeper servers need {@code extendedTypesEnabled=true}.
 *
 * <p>Thread-safe: its state belongs to one serial queue, and volatile fields show it.
 *
 * <pre>{@code
 * PersistentTtlNode node = new PersistentTtlNode(client, "/presence/a", Duration.ofMinutes(5), bytes).start();
 * }</pre>
 */
public final class PersistentTtlNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PersistentTtlNode.class);
    private static final String TOUCHED_CHILD = "touch";
    private static final int TOUCHES_PER_TTL = 2;

    private final CoordClient client;
    private final PersistentNode node;
    private final String touchedPath;
    private final Duration ttl;
    private final SerialExecutor queue;
    private final CompletableFuture<Boolean> touched = new CompletableFuture<>();
    private volatile @Nullable RuntimeException lastFailure;
    private volatile boolean closed;

    private @Nullable Timer timer;
    private boolean touching;

    /**
     * @param ttl how long the znode outlives the last process that keeps it, at least a millisecond; besides, the servers take
     *     their time to notice
     */
    public PersistentTtlNode(CoordClient client, String path, Duration ttl, byte[] data) {
        if (ttl.compareTo(Duration.ofMillis(TOUCHES_PER_TTL)) < 0) {
            throw new IllegalArgumentException("a time to live of " + ttl + " is too short to be kept");
        }
        this.client = client;
        this.ttl = ttl;
        this.touchedPath = ZnodePath.child(path, TOUCHED_CHILD);
        this.queue = client.serialExecutor();
        this.node = PersistentNode.builder(client, path)
                .mode(CreateMode.CONTAINER)
                .data(data)
                .build();
        node.addListener(state -> {
            if (state == PersistentNode.State.IN_PLACE) {
                queue.execute(this::touch);
            }
        });
    }

    /**
     * Starts without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public PersistentTtlNode start() {
        node.start();
        queue.execute(this::schedule);
        return this;
    }

    public String path() {
        return node.path();
    }

    /** How far the container is. */
    public PersistentNode.State state() {
        return node.state();
    }

    /** Why the last attempt to write failed, the child's first; empty when it succeeded or there was none. */
    public Optional<RuntimeException> lastFailure() {
        return Optional.ofNullable(lastFailure).or(node::lastFailure);
    }

    /**
     * Waits until both znodes were in place once.
     *
     * @return whether they were; false when the time passed or it was closed
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitInPlace(Duration timeout) {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        touched.thenAccept(waiter::complete);
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, "awaitInPlace", path());
    }

    /** Other data for the container, without waiting. The array is not copied. */
    public void setData(byte[] data) {
        node.setData(data);
    }

    /** Stops keeping the znode, without waiting. It stays until its time is over. Idempotent. */
    @Override
    public void close() {
        closed = true;
        touched.complete(false);
        node.abandon();
        queue.execute(() -> {
            if (timer != null) {
                timer.cancel();
            }
        });
    }

    /** Deletes both znodes at once, without waiting, though other processes may keep them, too. */
    public CompletionStage<@Nullable Void> deleteAsync() {
        close();
        return client.delete().quietly().deletingChildrenIfNeeded().forPathAsync(path());
    }

    private void schedule() {
        if (!closed && client.state() != SessionState.CLOSED) {
            timer = Timer.schedule(queue, ttl.dividedBy(TOUCHES_PER_TTL), () -> {
                touch();
                schedule();
            });
        }
    }

    private void touch() {
        if (closed || touching || client.state() != SessionState.CONNECTED) {
            return;
        }
        touching = true;
        client.setData().completingOn(queue).forPathAsync(touchedPath).whenComplete((stat, failure) -> {
            if (failure != null && Callers.asUnchecked(failure) instanceof NoNodeException) {
                create();
            } else {
                done(failure);
            }
        });
    }

    /** The container first: it is the persistent node's to make, and this child's parent. */
    private void create() {
        client.create()
                .orSetData()
                .creatingParentContainersIfNeeded()
                .withTtl(ttl)
                .completingOn(queue)
                .forPathAsync(touchedPath)
                .whenComplete((path, failure) -> done(failure));
    }

    private void done(@Nullable Throwable failure) {
        touching = false;
        if (failure == null) {
            lastFailure = null;
            touched.complete(true);
            return;
        }
        RuntimeException cause = Callers.asUnchecked(failure);
        if (lastFailure == null && !closed) {
            LOG.warn("{} could not be written; it is tried again", touchedPath, cause);
        }
        lastFailure = cause;
    }
}
