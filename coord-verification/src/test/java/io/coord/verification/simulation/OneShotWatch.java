package io.coord.verification.simulation;

import io.coord.client.watch.WatchEvent;
import io.coord.client.watch.Watcher;
import java.util.function.Consumer;

/** A watch that fires once, and is not listened to any more once it is over. */
final class OneShotWatch {
    private final Watcher watcher;
    private boolean over;

    OneShotWatch(Consumer<WatchEvent> onFired) {
        this.watcher = event -> {
            if (!over) {
                over = true;
                onFired.accept(event);
            }
        };
    }

    Watcher watcher() {
        return watcher;
    }

    void end() {
        over = true;
    }
}
