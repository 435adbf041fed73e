/**
 * Locks on a queue of ephemeral sequential znodes, in Curator's layouts, so that both kinds of client exclude each other.
 * Ownership belongs to a {@link io.coord.recipes.lock.Lease}. A lock's serial queue owns its core.
 */
@NullMarked
package io.coord.recipes.lock;

import org.jspecify.annotations.NullMarked;
