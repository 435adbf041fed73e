package io.coord.recipes.barrier;

import io.coord.recipes.internal.queue.Failure;

/** The core of one wait for a barrier, opened to the simulation; what {@code Barrier} does with callers and a client. */
public final class DrivenBarrier {
    /** What {@link BarrierCore.Port} asks for, with the same answers. */
    public interface World {
        void look(long ticket);

        void unwatch();

        void pause(int failures, long ticket);

        void open();

        void refused(RuntimeException cause);
    }

    private final BarrierCore core;

    public DrivenBarrier(World world) {
        this.core = new BarrierCore(new BarrierCore.Port() {
            @Override
            public void look(long ticket) {
                world.look(ticket);
            }

            @Override
            public void unwatch() {
                world.unwatch();
            }

            @Override
            public void pause(int failures, long ticket) {
                world.pause(failures, ticket);
            }

            @Override
            public void open() {
                world.open();
            }

            @Override
            public void refused(RuntimeException cause) {
                world.refused(cause);
            }
        });
    }

    public void start(boolean isConnected) {
        core.start(isConnected);
    }

    public void stop() {
        core.stop();
    }

    public void connected() {
        core.connected();
    }

    public void disconnected() {
        core.disconnected();
    }

    public void found(long ticket) {
        core.found(ticket);
    }

    public void lookFailed(long ticket, Failure failure) {
        core.lookFailed(ticket, failure);
    }

    public void changed(long ticket) {
        core.changed(ticket);
    }

    public void pauseOver(long ticket) {
        core.pauseOver(ticket);
    }
}
