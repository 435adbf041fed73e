/**
 * Locks on methods. Everything here runs on the thread that calls a locked method, apart from the news that a lock was lost, which
 * arrives on the client's callback thread.
 */
@NullMarked
package io.coord.spring.lock;

import org.jspecify.annotations.NullMarked;
