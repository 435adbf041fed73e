package io.coord.client.internal.callback;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A queue whose tasks are given and run by several threads, in the interleavings that Lincheck finds of a few steps: each
 * task runs once, never beside another, after those that its thread gave before; none stays in a queue no pool knows of.
 */
@Timeout(120)
public class CallbackQueueInterleavingTest {
    private static final int MOST_THREADS = 8;

    private final ConcurrentLinkedQueue<Runnable> pool = new ConcurrentLinkedQueue<>();
    private final CallbackQueue queue = new CallbackQueue(pool::add);
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean ranTwoAtOnce = new AtomicBoolean();
    /** Each entry is written by the thread of its number alone. */
    private final int[] given = new int[MOST_THREADS];
    /** Plain on purpose: a task sees what the tasks before it wrote. */
    private final List<Task> ran = new ArrayList<>();

    @Operation
    public void execute(@Param(gen = ThreadIdGen.class) int thread) {
        Task task = new Task(thread, ++given[thread]);
        queue.execute(() -> {
            if (!running.compareAndSet(false, true)) {
                ranTwoAtOnce.set(true);
            }
            ran.add(task);
            running.set(false);
        });
    }

    /** What a thread of the pool does when it is free. */
    @Operation
    public void turn() {
        Runnable turn = pool.poll();
        if (turn != null) {
            turn.run();
        }
    }

    @Validate
    public void allRanOnceAndInOrder() {
        while (!pool.isEmpty()) {
            turn();
        }
        int[] seen = new int[MOST_THREADS];
        for (Task task : ran) {
            require(task.number() == ++seen[task.thread()], "order of " + ran);
        }
        for (int thread = 0; thread < MOST_THREADS; thread++) {
            require(seen[thread] == given[thread], given[thread] + " given by " + thread + ", ran " + ran);
        }
        require(!ranTwoAtOnce.get(), "two at once");
        require(!queue.isCurrent(), "nothing runs");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    @Test
    void holdsInAllInterleavings() {
        new ModelCheckingOptions()
                .iterations(4)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(0)
                .invocationsPerIteration(200)
                .check(getClass());
    }

    @Test
    void holdsUnderStress() {
        new StressOptions()
                .iterations(15)
                .threads(3)
                .actorsPerThread(3)
                .invocationsPerIteration(1_000)
                .check(getClass());
    }

    private record Task(int thread, int number) {}
}
