/**
 * Leader election on a queue of ephemeral sequential znodes, in the layout of Curator's leader latch. A latch's serial
 * queue owns its core.
 */
@NullMarked
package io.coord.recipes.leader;

import org.jspecify.annotations.NullMarked;
