package io.coord.client.internal.session;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls on their way from any thread to the network thread. A call is its own link, so this costs no objects.
 *
 * <p>Thread-safe: a list that is pushed at its head with compare-and-set and taken whole. Its links are written before the push
 * and read after the taking.
 */
final class CallInbox {
    private final AtomicReference<@Nullable Call> newest = new AtomicReference<>();

    /** @return whether it was empty before; then whoever takes has to be woken, otherwise that is under way */
    boolean add(Call call) {
        Call before = newest.get();
        call.next = before;
        while (!newest.compareAndSet(before, call)) {
            before = newest.get();
            call.next = before;
        }
        return before == null;
    }

    boolean isEmpty() {
        return newest.get() == null;
    }

    /** Empties it. @return all calls, linked by {@code next}, those of each thread in the order in which it added them */
    @Nullable
    Call takeAll() {
        Call reversed = null;
        Call call = newest.getAndSet(null);
        while (call != null) {
            Call next = call.next;
            call.next = reversed;
            reversed = call;
            call = next;
        }
        return reversed;
    }
}
