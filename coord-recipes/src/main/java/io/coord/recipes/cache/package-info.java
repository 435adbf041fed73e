/**
 * A local copy of a znode or of a tree of znodes that follows the servers. The cache's serial queue owns the core and is the
 * only writer of the copy; any thread reads it.
 */
@NullMarked
package io.coord.recipes.cache;

import org.jspecify.annotations.NullMarked;
