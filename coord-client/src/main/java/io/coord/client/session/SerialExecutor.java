package io.coord.client.session;

import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other, in the order of their submission, on a small pool of threads that the client keeps apart
 * from user callbacks. Each task sees what the tasks before it wrote. For code that never blocks: the state of a recipe
 * belongs to one such queue. Blocking calls of the client throw on its threads.
 *
 * <p>Thread-safe: any thread may submit. After the client is closed tasks are still run, by the submitting thread's pool
 * as long as it is there; the last event that a queue hears is {@link SessionEvent.Type#CLOSED}.
 */
public interface SerialExecutor extends Executor {
    /** Whether the calling thread is running a task of this queue right now. */
    boolean isCurrent();
}
