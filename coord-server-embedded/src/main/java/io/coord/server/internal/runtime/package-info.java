/**
 * The thread that owns connections and state, the way into it, and the clock. What is here is the only code of the server
 * that other threads may call.
 */
@NullMarked
package io.coord.server.internal.runtime;

import org.jspecify.annotations.NullMarked;
