/**
 * The replicated state and its one way of changing: a committed command goes in, effects come out. No I/O, no thread, no
 * clock, no randomness: the same commands give the same state on every replica. Owned by the owner thread.
 */
@NullMarked
package io.coord.server.internal.state;

import org.jspecify.annotations.NullMarked;
