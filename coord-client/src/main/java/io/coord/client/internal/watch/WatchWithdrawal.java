package io.coord.client.internal.watch;

import io.coord.client.watch.Watcher;
import io.coord.protocol.data.WatcherType;
import org.jspecify.annotations.Nullable;

/**
 * Which watches are to end, and how.
 *
 * @param path as the caller gave it, for messages
 * @param watcher null for those of all watchers
 * @param quietly whether it is no error when there are none
 * @param locally whether nobody waits for the server
 * @param guaranteed whether to go on telling the server after the deadline
 */
public record WatchWithdrawal(
        String path,
        String serverPath,
        @Nullable Watcher watcher,
        WatcherType type,
        boolean quietly,
        boolean locally,
        boolean guaranteed,
        long timeoutNs) {}
