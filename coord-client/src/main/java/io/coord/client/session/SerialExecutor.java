package io.coord.client.session;

import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other, in the order of their submission. Each task sees what the tasks before it wrote. A queue
 * of {@link io.coord.client.CoordClient#serialExecutor()} runs on the client's network thread: for code that is short,
 * never blocks and calls no user code, such as the state of a recipe; whatever it asks of the client is sent without a
 * hand-over between threads. A queue of {@link io.coord.client.CoordClient#callbackExecutor()} runs on callback threads.
 * Blocking calls of the client throw on both.
 *
 * <p>Thread-safe: any thread may submit. Before the client starts and after it is closed tasks are run, too, on a callback
 * thread; the last event that a queue hears is {@link SessionEvent.Type#CLOSED}.
 *
 * <pre>{@code
 * SerialExecutor queue = client.callbackExecutor();
 * List<String> seen = new ArrayList<>(); // Touched by tasks of that queue only, so it needs no lock.
 * client.getChildren()
 *         .usingWatcher(event -> seen.add(event.path()), queue)
 *         .completingOn(queue)
 *         .forPathAsync("/workers")
 *         .thenAccept(seen::addAll);
 * }</pre>
 */
public interface SerialExecutor extends Executor {
    /** Whether the calling thread is running a task of this queue right now. */
    boolean isCurrent();
}
