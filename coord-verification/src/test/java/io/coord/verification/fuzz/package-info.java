/**
 * Fuzz targets: each class takes any bytes and fails when they do harm. A coverage-guided fuzzer drives them for millions of
 * inputs by command; the normal build replays the kept inputs and some random ones. A target belongs to the thread that runs
 * it.
 */
@NullMarked
package io.coord.verification.fuzz;

import org.jspecify.annotations.NullMarked;
