package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.protocol.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the node that a failed protected create may have left, however long that takes while the client is open. */
final class ProtectedNodeCleanup extends ProtectedNodeSearch {
    private static final Logger log = LoggerFactory.getLogger(ProtectedNodeCleanup.class);

    private final CoordClient client;
    private final String serverParent;
    private final String prefix;
    private final BackgroundRetry retry;

    ProtectedNodeCleanup(CoordClient client, String serverParent, String prefix) {
        this(client, serverParent, prefix, new BackgroundRetry(client));
    }

    private ProtectedNodeCleanup(CoordClient client, String serverParent, String prefix, BackgroundRetry retry) {
        super(client.loop(), serverParent, serverParent, prefix, System.nanoTime(), Long.MAX_VALUE);
        this.client = client;
        this.serverParent = serverParent;
        this.prefix = prefix;
        this.retry = retry;
    }

    @Override
    void onFound(String serverPath, Stat stat) {
        DeleteTask.startInBackground(client, serverPath);
    }

    @Override
    void onMissing() {
        // The create was never executed, or the node is gone with its session.
    }

    @Override
    void onFailure(CoordException failure) {
        if (!retry.again(failure, () -> new ProtectedNodeCleanup(client, serverParent, prefix, retry).start())) {
            log.warn("A node {}… below {} may be left over: {}", prefix, serverParent, failure.getMessage());
        }
    }
}
