/**
 * Observations of Micrometer: what they are called, what they carry, and the conventions that applications replace. What is observed is
 * written by the thread that it happens on, one after the other.
 */
@NullMarked
package io.coord.spring.observation;

import org.jspecify.annotations.NullMarked;
