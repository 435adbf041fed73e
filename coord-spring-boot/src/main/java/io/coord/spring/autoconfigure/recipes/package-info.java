/**
 * Locks, elections, caches and registration as beans, and when they start and stop. The lifecycles belong to the thread that starts and
 * stops the application context.
 */
@NullMarked
package io.coord.spring.autoconfigure.recipes;

import org.jspecify.annotations.NullMarked;
