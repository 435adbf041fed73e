package io.coord.spring.leader;

import org.jspecify.annotations.Nullable;

/**
 * Told of the calls of {@link OnLeader} and {@link OnFollower} methods, on the thread of the role that they run on. Implementations are
 * thread-safe, quick and do not throw.
 */
@FunctionalInterface
public interface RoleObserver {

    /** Observes nothing. */
    RoleObserver NONE = call -> failure -> {};

    /** A method is about to be called. */
    Running onCall(RoleCall call);

    /** A call that goes on. */
    @FunctionalInterface
    interface Running {

        /** It is over; with what the method threw, if it did. Told on the same thread. */
        void end(@Nullable Throwable failure);
    }
}
