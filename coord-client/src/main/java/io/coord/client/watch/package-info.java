/** Watches as their user sees them. Events are delivered on callback threads, in order and serially for each watcher. */
@NullMarked
package io.coord.client.watch;

import org.jspecify.annotations.NullMarked;
