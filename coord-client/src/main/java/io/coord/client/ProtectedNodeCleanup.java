package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.error.SessionLostException;
import io.coord.protocol.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the node that a failed protected create may have left, however long that takes while the client is open. */
final class ProtectedNodeCleanup extends ProtectedNodeSearch {
    private static final Logger log = LoggerFactory.getLogger(ProtectedNodeCleanup.class);

    private final CoordClient client;
    private final String serverParent;
    private final String prefix;

    ProtectedNodeCleanup(CoordClient client, String serverParent, String prefix) {
        super(client.loop(), serverParent, serverParent, prefix, System.nanoTime(), Long.MAX_VALUE);
        this.client = client;
        this.serverParent = serverParent;
        this.prefix = prefix;
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
        if (failure instanceof SessionLostException && client.loop().isTakingFollowUps()) {
            new ProtectedNodeCleanup(client, serverParent, prefix).start();
        } else {
            log.warn("A node {}… below {} may be left over: {}", prefix, serverParent, failure.getMessage());
        }
    }
}
