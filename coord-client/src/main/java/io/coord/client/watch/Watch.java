package io.coord.client.watch;

import io.coord.protocol.data.AddWatchMode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A watch that stays until it is closed: it is armed again on each new connection and for each new session. Changes that
 * happen while the client is away are not told; after {@code RECONNECTED} look again.
 *
 * <p>A watcher that is more than 10,000 events behind is told only the last event of each type and path of those that follow.
 * When those are more than 10,000, too, they are dropped, and once the watcher has caught up the client takes a new connection:
 * {@code RECONNECTED} then asks everyone to look again. No call loses its outcome by that.
 *
 * <p>Thread-safe: any thread may close it.
 *
 * <pre>{@code
 * try (Watch watch = client.watchers().add().usingWatcher(event -> use(event)).forPath("/shop")) {
 *     work();
 * }
 * }</pre>
 */
public interface Watch extends AutoCloseable {
    /** As given, without chroot and namespace. */
    String path();

    AddWatchMode mode();

    /**
     * Ends the watch without waiting: no callback is started any more; the server is told when no other watch of this
     * client needs the same path. Idempotent.
     */
    @Override
    void close();

    /** As {@link #close()}; the stage completes when the server has forgotten the watch or never needs to be told. */
    CompletionStage<@Nullable Void> closeAsync();
}
