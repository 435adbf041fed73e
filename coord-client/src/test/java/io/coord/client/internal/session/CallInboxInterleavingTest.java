package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls that several threads hand to the network thread, in the interleavings that Lincheck finds of a few steps: each arrives
 * once, behind those that its thread gave before, and the network thread is woken whenever there is something to take.
 */
@Timeout(120)
public class CallInboxInterleavingTest {
    private static final int MOST_THREADS = 8;

    private final CallInbox inbox = new CallInbox();
    /** Times that the network thread was told to look. */
    private final AtomicInteger wakeUps = new AtomicInteger();
    /** Each entry is written by the thread of its number alone. */
    private final int[] given = new int[MOST_THREADS];
    /** Written by the operation that no other runs beside. */
    private final List<Numbered> taken = new ArrayList<>();

    @Operation
    public void submit(@Param(gen = ThreadIdGen.class) int thread) {
        if (inbox.add(new Numbered(thread, ++given[thread]))) {
            wakeUps.incrementAndGet();
        }
    }

    /** A turn of the network thread, which comes only when it was woken. */
    @Operation(nonParallelGroup = "network thread")
    public void turn() {
        if (wakeUps.get() > 0) {
            wakeUps.decrementAndGet();
            while (!inbox.isEmpty()) {
                for (Call call = inbox.takeAll(); call != null; call = call.next) {
                    taken.add((Numbered) call);
                }
            }
        }
    }

    @Validate
    public void allArriveOnceAndInOrder() {
        while (wakeUps.get() > 0) {
            turn();
        }
        int[] seen = new int[MOST_THREADS];
        for (Numbered call : taken) {
            require(call.number == ++seen[call.thread], "out of order");
        }
        for (int thread = 0; thread < MOST_THREADS; thread++) {
            require(seen[thread] == given[thread], given[thread] + " given by " + thread + ", taken " + seen[thread]);
        }
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
                .iterations(5)
                .threads(3)
                .actorsPerThread(3)
                .invocationsPerIteration(500)
                .check(getClass());
    }

    private static final class Numbered extends Call {
        final int thread;
        final int number;

        Numbered(int thread, int number) {
            super("sync", "/", new SyncRequest("/"), Repeat.READ, 0, Long.MAX_VALUE);
            this.thread = thread;
            this.number = number;
        }

        @Override
        protected void onResponse(Response response, long zxid) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        protected void onFailure(CoordException failure) {
            throw new AssertionError("nothing is sent");
        }
    }
}
