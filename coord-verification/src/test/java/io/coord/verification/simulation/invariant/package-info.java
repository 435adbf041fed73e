/**
 * What must hold in every simulated run, each promise in a class of its own, and the history of commits that they compare
 * with. They see what crosses the wire and what is applied, and touch nothing. Owned by the thread that runs the simulation.
 */
@NullMarked
package io.coord.verification.simulation.invariant;

import org.jspecify.annotations.NullMarked;
