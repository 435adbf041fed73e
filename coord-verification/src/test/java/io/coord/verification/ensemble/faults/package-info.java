/**
 * Ensembles of real processes while links break and processes die, and what clients were told meanwhile, checked afterwards. Each
 * client's work has a thread of its own; faults come from the test's thread.
 */
@NullMarked
package io.coord.verification.ensemble.faults;

import org.jspecify.annotations.NullMarked;
