package io.coord.client;

import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.spi.ServerAddress;
import io.coord.client.watch.Watcher;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the client's servers to those of {@code /zookeeper/config}: read after each connect, and when it changes. Owned by
 * its queue.
 */
final class EnsembleTracker {
    private static final Logger log = LoggerFactory.getLogger(EnsembleTracker.class);

    private final CoordClient client;
    private final SerialExecutor queue;
    /** One object, so that it is told once for each change however often it was set. */
    private final Watcher watcher = event -> read();

    private List<ServerAddress> servers = List.of();

    EnsembleTracker(CoordClient client) {
        this.client = client;
        this.queue = client.serialExecutor();
    }

    void start() {
        client.addSessionListener(
                event -> {
                    if (event.type() == SessionEvent.Type.CONNECTED || event.type() == SessionEvent.Type.RECONNECTED) {
                        read();
                    }
                },
                queue);
    }

    private void read() {
        client.getConfig()
                .usingWatcher(watcher, queue)
                .completingOn(queue)
                .forEnsembleAsync()
                .whenComplete(this::onRead);
    }

    private void onRead(byte @Nullable [] config, @Nullable Throwable failure) {
        if (config == null) {
            log.debug("The ensemble's configuration cannot be read, the servers stay: {}", String.valueOf(failure));
            return;
        }
        List<ServerAddress> addresses = EnsembleConfig.parse(config).clientAddresses();
        if (!addresses.isEmpty() && !addresses.equals(servers)) {
            servers = addresses;
            log.info("The ensemble's servers: {}", addresses);
            client.loop().updateServers(addresses);
        }
    }
}
