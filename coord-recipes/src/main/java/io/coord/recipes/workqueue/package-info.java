/**
 * Queues of work in znodes: each item is taken by one consumer, at least once. The serial queue of each consumer owns its core.
 */
@NullMarked
package io.coord.recipes.workqueue;

import org.jspecify.annotations.NullMarked;
