package io.coord.recipes.internal.queue;

import io.coord.client.CoordClient;
import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.WatchEvent;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.Stat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A one-shot watch from its request until it fires, fails or is withdrawn. It is armed by one of the reads, once.
 * Everything here runs on the recipe's serial queue.
 */
public final class ArmedWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ArmedWatch.class);

    private final CoordClient client;
    private final SerialExecutor queue;
    private final String path;
    private final Watcher watcher;
    private boolean armed;
    private boolean over;

    /** @param onFired may come before the answer to the read that arms it, never after it was withdrawn */
    public ArmedWatch(CoordClient client, SerialExecutor queue, String path, Consumer<WatchEvent> onFired) {
        this.client = client;
        this.queue = queue;
        this.path = path;
        this.watcher = event -> {
            if (!over) {
                over = true;
                onFired.accept(event);
            }
        };
    }

    /**
     * Watches the data, and hands them over as the server has them, whatever the client does about compression: others may do
     * otherwise. On a node that is not there it fails and leaves no watch behind.
     */
    public void onData(Consumer<byte[]> onArmed, Consumer<Failure> onFailed) {
        arm(
                client.getData()
                        .undecompressed()
                        .usingWatcher(watcher, queue)
                        .completingOn(queue)
                        .forPathAsync(path),
                onArmed,
                onFailed);
    }

    /** Watches the coming and going of a node. */
    public void onExistence(Consumer<@Nullable Stat> onArmed, Consumer<Failure> onFailed) {
        arm(
                client.checkExists()
                        .usingWatcher(watcher, queue)
                        .completingOn(queue)
                        .forPathAsync(path),
                onArmed,
                onFailed);
    }

    /** Watches the coming and going of children. On a node that is not there it fails and leaves no watch behind. */
    public void onChildren(Consumer<List<String>> onArmed, Consumer<Failure> onFailed) {
        arm(
                client.getChildren()
                        .usingWatcher(watcher, queue)
                        .completingOn(queue)
                        .forPathAsync(path),
                onArmed,
                onFailed);
    }

    private <T extends @Nullable Object> void arm(
            CompletionStage<T> read, Consumer<T> onArmed, Consumer<Failure> onFailed) {
        Failure.on(
                read,
                value -> {
                    armed = true;
                    if (over) {
                        remove();
                    }
                    onArmed.accept(value);
                },
                failure -> {
                    over = true;
                    onFailed.accept(failure);
                });
    }

    /** It is not needed any more; harmless when it is over. */
    public void withdraw() {
        if (!over) {
            over = true;
            if (armed) {
                remove();
            }
        }
    }

    private void remove() {
        client.watchers()
                .remove(watcher)
                .quietly()
                .completingOn(queue)
                .forPathAsync(path)
                .whenComplete((removed, failure) -> {
                    if (failure != null) {
                        LOG.debug("Could not withdraw a watch of {}", path, failure);
                    }
                });
    }
}
