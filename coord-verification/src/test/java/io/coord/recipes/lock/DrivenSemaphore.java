package io.coord.recipes.lock;

import io.coord.client.session.SerialExecutor;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Failure;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The core of a semaphore, opened to the simulation; what {@code Semaphore} does with callers and a client. */
public final class DrivenSemaphore {
    private static final byte[] NO_DATA = {};

    /** What {@link SemaphoreCore.Port} asks for, besides contenders. */
    public interface World {
        /** Answer: {@link #counted} or {@link #countFailed}, and {@link #permitsChanged} when there is a watch. */
        void count(long ticket, boolean watching);

        void unwatch(long ticket);

        /** Answer: {@link #pauseOver}. */
        void pause(int failures, long ticket);
    }

    private final SerialExecutor queue;
    private final SemaphoreCore core;

    public DrivenSemaphore(
            String path,
            String turns,
            String permits,
            int limit,
            Contender.Factory contenders,
            World world,
            SerialExecutor queue) {
        this.queue = queue;
        SemaphoreCore.Port port = new SemaphoreCore.Port() {
            @Override
            public Contender contend(Entrance entrance, ContenderListener listener) {
                return contenders.enter(entrance, listener);
            }

            @Override
            public void count(long ticket, boolean watching) {
                world.count(ticket, watching);
            }

            @Override
            public void unwatch(long ticket) {
                world.unwatch(ticket);
            }

            @Override
            public void pause(int failures, long ticket) {
                world.pause(failures, ticket);
            }
        };
        this.core = new SemaphoreCore(path, turns, permits, limit, port, this::leaseOf);
    }

    private Lease leaseOf(Hold hold) {
        return new Lease(DrivenLock.UNSTARTED, queue, core, hold);
    }

    public void counted(long ticket, List<String> names) {
        core.counted(ticket, names);
    }

    public void countFailed(long ticket, Failure failure) {
        core.countFailed(ticket, failure);
    }

    public void permitsChanged(long ticket) {
        core.permitsChanged(ticket);
    }

    public void pauseOver(long ticket) {
        core.pauseOver(ticket);
    }

    /** A call of acquire. */
    public final class Attempt {
        private final PermitCall call;

        private Attempt(PermitCall call) {
            this.call = call;
        }

        public void giveUp() {
            if (call.result.complete(Optional.empty())) {
                core.cancelled(call);
            }
        }
    }

    /**
     * @param granted told on the queue
     * @param refused likewise, when they will not be granted
     */
    public Attempt acquire(int permits, boolean immediate, Consumer<List<DrivenLock.Held>> granted, Runnable refused) {
        PermitCall call = new PermitCall(permits, immediate, NO_DATA);
        call.result.whenComplete((leases, failure) -> queue.execute(() -> {
            if (failure == null && leases.isPresent()) {
                granted.accept(leases.get().stream().map(DrivenLock.Held::new).toList());
            } else {
                refused.run();
            }
        }));
        core.acquire(call);
        return new Attempt(call);
    }
}
