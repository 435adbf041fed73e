package io.coord.client.internal.session;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Calls in order, linked through themselves. A call stands in one list at most. Owned by the network thread. */
final class CallList {
    private @Nullable Call first;
    private @Nullable Call last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Call first() {
        return first;
    }

    void addLast(Call call) {
        Call before = last;
        call.previous = before;
        call.next = null;
        if (before == null) {
            first = call;
        } else {
            before.next = call;
        }
        last = call;
    }

    Call removeFirst() {
        Call call = first;
        if (call == null) {
            throw new NoSuchElementException();
        }
        remove(call);
        return call;
    }

    void remove(Call call) {
        Call before = call.previous;
        Call after = call.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        call.previous = null;
        call.next = null;
    }

    /** Puts all calls of another list, which is empty afterwards, before those of this one. */
    void addAllFirst(CallList other) {
        Call theirLast = other.last;
        if (theirLast == null) {
            return;
        }
        Call ourFirst = first;
        theirLast.next = ourFirst;
        if (ourFirst == null) {
            last = theirLast;
        } else {
            ourFirst.previous = theirLast;
        }
        first = other.first;
        other.first = null;
        other.last = null;
    }
}
