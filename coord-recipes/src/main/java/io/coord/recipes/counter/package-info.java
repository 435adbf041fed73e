/**
 * Numbers and values that many processes change: atomic ones, by compare-and-set, and shared ones, which every process follows.
 * The formats are Curator's. No state of their own but what a cache keeps.
 */
@NullMarked
package io.coord.recipes.counter;

import org.jspecify.annotations.NullMarked;
