package io.coord.spring.lock;

import java.time.Duration;

/**
 * One lock that somebody asks for.
 *
 * @param user who asks, for messages, such as a method
 * @param name as declared, without the key
 * @param limit of permits; 0 in other modes
 * @param waitTime how long to wait for it
 */
record LockRequest(
        String user,
        LockMode mode,
        String name,
        String path,
        int limit,
        Duration waitTime,
        OnLost onLost,
        NamedLocks locks) {

    NamedLocks.Source source() {
        return locks.at(path, mode, limit, user);
    }
}
