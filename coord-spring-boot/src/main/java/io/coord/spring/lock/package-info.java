/**
 * Locks on methods. Everything here runs on the thread that calls a locked method, apart from the news that a lock was lost or is asked
 * for, which arrives on the client's callback thread, and what users want to have called then, which runs on a thread of the lock's name.
 */
@NullMarked
package io.coord.spring.lock;

import org.jspecify.annotations.NullMarked;
