/**
 * Barriers in Curator's layouts: a gate that one client closes and opens, and one that opens when enough have come. A
 * barrier's serial queue owns its core.
 */
@NullMarked
package io.coord.recipes.barrier;

import org.jspecify.annotations.NullMarked;
