package io.coord.recipes.workqueue;

import java.util.List;

/** The core of a consumer, opened to the simulation; what {@code ItemConsumer} does with handlers and a client. */
public final class DrivenConsumer {
    public static final String ITEM_PREFIX = ItemFormat.NAME_PREFIX;

    /** What {@link ConsumerCore.Port} asks for, with the same answers. */
    public interface World {
        void list();

        void take(String name);

        /** At that moment, in milliseconds since the epoch, {@link DrivenConsumer#timeToLook}; a later call replaces an earlier one. */
        void wakeAt(long epochMs);

        void wakeAfterFailure();

        long nowMs();
    }

    private final ConsumerCore core;

    public DrivenConsumer(int slots, World world) {
        this.core = new ConsumerCore(slots, new ConsumerCore.Port() {
            @Override
            public void list() {
                world.list();
            }

            @Override
            public void take(String name) {
                world.take(name);
            }

            @Override
            public void wakeAt(long epochMs) {
                world.wakeAt(epochMs);
            }

            @Override
            public void wakeAfterFailure() {
                world.wakeAfterFailure();
            }

            @Override
            public long nowMs() {
                return world.nowMs();
            }
        });
    }

    /** The first part of the name of an item that is due at that moment. */
    public static String prefixDueAt(long epochMs) {
        return ItemFormat.prefixDueAt(epochMs);
    }

    /** Milliseconds since the epoch; 0 for at once. */
    public static long dueAt(String name) {
        return ItemFormat.dueAt(name);
    }

    public void connected() {
        core.connected();
    }

    public void disconnected() {
        core.disconnected();
    }

    public void changed() {
        core.changed();
    }

    public void timeToLook() {
        core.timeToLook();
    }

    public boolean isIdle() {
        return core.isIdle();
    }

    public void listed(List<String> names, List<String> locks) {
        core.listed(names, locks);
    }

    public void listFailed() {
        core.listFailed();
    }

    public void finished(String name) {
        core.finished(name);
    }

    public void lockedByOther(String name) {
        core.lockedByOther(name);
    }

    public void gone(String name) {
        core.gone(name);
    }

    public void failed(String name) {
        core.failed(name);
    }
}
