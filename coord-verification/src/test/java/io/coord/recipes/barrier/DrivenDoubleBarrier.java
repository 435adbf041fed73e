package io.coord.recipes.barrier;

import io.coord.recipes.internal.queue.Failure;
import java.util.List;
import java.util.function.Supplier;

/** The core of a member of a double barrier, opened to the simulation; what {@code DoubleBarrier} does with callers and a client. */
public final class DrivenDoubleBarrier {
    public static final String READY = DoubleBarrierCore.READY;

    /** What {@link DoubleBarrierCore.Port} asks for, with the same answers. */
    public interface World {
        long session();

        void create(String name);

        void list();

        void createReady();

        void delete(String name);

        void watch(String name, long ticket);

        void unwatch(long ticket);

        void pause(int failures, long ticket);

        void entered();

        void left();

        void refused(RuntimeException cause);
    }

    private final DoubleBarrierCore core;

    public DrivenDoubleBarrier(int quantity, Supplier<String> names, World world) {
        this.core = new DoubleBarrierCore(quantity, names, new DoubleBarrierCore.Port() {
            @Override
            public long session() {
                return world.session();
            }

            @Override
            public void create(String name) {
                world.create(name);
            }

            @Override
            public void list() {
                world.list();
            }

            @Override
            public void createReady() {
                world.createReady();
            }

            @Override
            public void delete(String name) {
                world.delete(name);
            }

            @Override
            public void watch(String name, long ticket) {
                world.watch(name, ticket);
            }

            @Override
            public void unwatch(long ticket) {
                world.unwatch(ticket);
            }

            @Override
            public void pause(int failures, long ticket) {
                world.pause(failures, ticket);
            }

            @Override
            public void entered() {
                world.entered();
            }

            @Override
            public void withdrawn() {}

            @Override
            public void left() {
                world.left();
            }

            @Override
            public void refused(RuntimeException cause) {
                world.refused(cause);
            }
        });
    }

    public void enter(boolean isConnected) {
        core.enter(isConnected);
    }

    public void withdraw() {
        core.withdraw();
    }

    public void leave(boolean isConnected) {
        core.leave(isConnected);
    }

    public void stopWaitingForOthers() {
        core.stopWaitingForOthers();
    }

    public boolean isInside() {
        return core.isInside();
    }

    /** Whether it wants nothing any more, and is not inside. */
    public boolean isIdle() {
        return core.isIdle();
    }

    public void connected() {
        core.connected();
    }

    public void suspended() {
        core.suspended();
    }

    public void sessionLost() {
        core.sessionLost();
    }

    public void clientClosed(RuntimeException cause) {
        core.clientClosed(cause);
    }

    public void created() {
        core.created();
    }

    public void createFailed(Failure failure) {
        core.createFailed(failure);
    }

    public void listed(List<String> children) {
        core.listed(children);
    }

    public void listFailed(Failure failure) {
        core.listFailed(failure);
    }

    public void readyCreated() {
        core.readyCreated();
    }

    public void createReadyFailed(Failure failure) {
        core.createReadyFailed(failure);
    }

    public void deleted(String name) {
        core.deleted(name);
    }

    public void deleteFailed(Failure failure) {
        core.deleteFailed(failure);
    }

    public void watched(long ticket, boolean exists) {
        core.watched(ticket, exists);
    }

    public void watchFailed(long ticket, Failure failure) {
        core.watchFailed(ticket, failure);
    }

    public void changed(long ticket, boolean created) {
        core.changed(ticket, created);
    }

    public void pauseOver(long ticket) {
        core.pauseOver(ticket);
    }
}
