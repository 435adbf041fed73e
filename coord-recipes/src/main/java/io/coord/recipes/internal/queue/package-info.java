/**
 * The one sequential-node algorithm that locks and leader election share: who is in a queue of znodes, who has to leave
 * before whom, and the life of one contender's own znode. The recipe's serial queue owns a contender's core.
 */
@NullMarked
package io.coord.recipes.internal.queue;

import org.jspecify.annotations.NullMarked;
