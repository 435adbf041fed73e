package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One lock that somebody asks for.
 *
 * @param user who asks, for messages, such as a method
 * @param name as declared, without the key
 * @param key null when the lock has none
 * @param limit of permits; 0 in other modes
 * @param waitTime how long to wait for it
 * @param calls what is called while it is held
 */
record LockRequest(
        String user,
        LockMode mode,
        String name,
        @Nullable String key,
        String path,
        int limit,
        Duration waitTime,
        OnLost onLost,
        Calls calls,
        NamedLocks locks) {

    /**
     * What is called while a lock is held, on a thread of the lock's.
     *
     * @param whenLost null unless the request's {@code onLost} is {@code CALLBACK}
     * @param whenAsked when somebody asks the holder to release; null for nothing
     */
    record Calls(
            @Nullable BiConsumer<? super Lease, ? super LockLostException> whenLost,
            @Nullable Consumer<? super Lease> whenAsked) {

        static final Calls NONE = new Calls(null, null);
    }

    NamedLocks.Source source() {
        return locks.at(path, mode, limit, user);
    }

    ObservedLock observed() {
        return new ObservedLock(name, mode, key, path, user);
    }

    LockRequest withKey(String text) {
        return new LockRequest(user, mode, name, text, locks.path(name, text), limit, waitTime, onLost, calls, locks);
    }

    LockRequest withUser(String other) {
        return new LockRequest(other, mode, name, key, path, limit, waitTime, onLost, calls, locks);
    }

    LockRequest withWaitTime(Duration other) {
        return new LockRequest(user, mode, name, key, path, limit, other, onLost, calls, locks);
    }

    LockRequest with(OnLost other, Calls otherCalls) {
        return new LockRequest(user, mode, name, key, path, limit, waitTime, other, otherCalls, locks);
    }
}
