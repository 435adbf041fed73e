/**
 * A whole cluster in one thread: the cores of servers and clients as they are, with time, network, disks, processes and
 * consensus simulated, and every choice drawn from one seed. Owned by the thread that runs the simulation.
 */
@NullMarked
package io.coord.verification.simulation;

import org.jspecify.annotations.NullMarked;
