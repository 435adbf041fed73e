package io.coord.client.internal.watch;

import io.coord.protocol.data.WatcherType;

/** The kinds of watch that setWatches tells apart. */
public enum WatchKind {
    /** Armed by getData, and by exists on a node that is there. */
    DATA(WatcherType.DATA),
    /** Armed by exists on a node that is not there. */
    EXIST(WatcherType.DATA),
    /** Armed by getChildren. */
    CHILD(WatcherType.CHILDREN),
    PERSISTENT(WatcherType.PERSISTENT),
    PERSISTENT_RECURSIVE(WatcherType.PERSISTENT_RECURSIVE);

    private final WatcherType serverType;

    WatchKind(WatcherType serverType) {
        this.serverType = serverType;
    }

    /** As removeWatches names it. */
    public WatcherType serverType() {
        return serverType;
    }

    public boolean isOneShot() {
        return this == DATA || this == EXIST || this == CHILD;
    }
}
