package io.coord.recipes.internal.queue;

import io.coord.client.CoordClient;
import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.Watcher;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A one-shot watch of a znode's data from its request until it fires, fails or is withdrawn. Everything here runs on the
 * recipe's serial queue.
 */
final class ArmedWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ArmedWatch.class);

    private final CoordClient client;
    private final SerialExecutor queue;
    private final String path;
    private final Watcher watcher;
    private boolean armed;
    private boolean over;

    ArmedWatch(CoordClient client, SerialExecutor queue, String path, Runnable onFired) {
        this.client = client;
        this.queue = queue;
        this.path = path;
        this.watcher = event -> {
            if (!over) {
                over = true;
                onFired.run();
            }
        };
    }

    /** By a read of the data, not an exists: on a node that is gone it leaves no watch behind. */
    void arm(Consumer<byte[]> onArmed, Consumer<Failure> onFailed) {
        Failure.on(
                client.getData()
                        .usingWatcher(watcher, queue)
                        .completingOn(queue)
                        .forPathAsync(path),
                read -> {
                    armed = true;
                    if (over) {
                        remove();
                    }
                    onArmed.accept(read);
                },
                failure -> {
                    over = true;
                    onFailed.accept(failure);
                });
    }

    void withdraw() {
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
