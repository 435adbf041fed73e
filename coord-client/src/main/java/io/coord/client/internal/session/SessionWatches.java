package io.coord.client.internal.session;

import io.coord.client.error.NoWatcherException;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchRegistry;
import io.coord.client.internal.watch.WatchWithdrawal;
import io.coord.protocol.data.WatcherType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings together what the registry holds and what the server is told: watches that come with answers, and those that end.
 * Owned by the network thread.
 */
final class SessionWatches {
    private final WatchRegistry registry;
    private final PendingCalls calls;
    private final WatchRemoval.Submission core;

    SessionWatches(WatchRegistry registry, PendingCalls calls, WatchRemoval.Submission core) {
        this.registry = registry;
        this.calls = calls;
        this.core = core;
    }

    /**
     * The answer to a call says that the server has armed its watch, if it has one.
     *
     * @param isMissing whether the answer was that the znode is not there
     * @param call not done when its outcome is still to be told
     */
    void onArmed(long now, Call call, boolean isMissing) {
        WatchArming arming = call.arming;
        if (arming == null) {
            return;
        }
        if (!call.done) {
            registry.add(isMissing ? WatchKind.EXIST : arming.kind(), arming.serverPath(), arming.target());
        } else if (!arming.kind().isOneShot()) {
            // Its caller was told that there is no watch; the server would go on sending events.
            removal(true, List.of(arming.kind().serverType()), arming.serverPath())
                    .startInBackground(now);
        }
    }

    /** Ends a persistent watch; the server is told when no other watch needs it. */
    void remove(long now, boolean connected, WatchArming arming, long timeoutNs, Result<@Nullable Void> result) {
        WatcherType type = registry.remove(arming.kind(), arming.serverPath(), arming.target());
        List<WatcherType> types = type == null ? List.of() : List.of(type);
        removal(connected, types, arming.serverPath()).start(now, now + timeoutNs, result, false);
    }

    /** Ends watches of a path. */
    void withdraw(long now, boolean connected, WatchWithdrawal which, Result<@Nullable Void> result) {
        List<WatcherType> unneeded = new ArrayList<>(2);
        if (!registry.withdraw(which, unneeded) && !which.quietly()) {
            result.fail(new NoWatcherException("removeWatches", which.path()));
            return;
        }
        WatchRemoval removal = removal(connected, unneeded, which.serverPath());
        if (which.locally()) {
            result.succeed(null);
            removal.startInBackground(now);
        } else {
            removal.start(now, now + which.timeoutNs(), result, which.guaranteed());
        }
    }

    /** @param connected whether there is a server that holds watches of this client */
    private WatchRemoval removal(boolean connected, List<WatcherType> types, String serverPath) {
        List<WatcherType> unneeded = types.stream()
                .filter(type -> connected && !isNeeded(type, serverPath))
                .toList();
        return new WatchRemoval(unneeded, serverPath, core, this::isNeeded);
    }

    private boolean isNeeded(WatcherType type, String serverPath) {
        return registry.isNeeded(type, serverPath) || calls.isArming(type, serverPath);
    }
}
