/**
 * What every recipe needs around its core: timers that end on its serial queue, waiting for it from outside, callbacks of
 * users. Nothing here holds state of its own.
 */
@NullMarked
package io.coord.recipes.internal.call;

import org.jspecify.annotations.NullMarked;
