package io.coord.verification.fuzz;

import java.lang.management.ManagementFactory;

/** How much this thread allocates: what is claimed must cost nothing, only what is there. */
final class Allocation {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Classes may have to be loaded, and instrumented, in the first. */
    private static final int ATTEMPTS = 3;

    /** What may be measured more than once; the same each time. */
    @FunctionalInterface
    interface Work<E extends Exception> {
        void run() throws E;
    }

    private Allocation() {}

    /** Runs it, and fails when it allocates more than this each time. */
    static <E extends Exception> void atMost(long bytes, String forWhat, Work<E> work) throws E {
        long allocated = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (allocated <= bytes) {
                return;
            }
        }
        throw new AssertionError(allocated + " bytes allocated, " + bytes + " are enough for " + forWhat);
    }
}
