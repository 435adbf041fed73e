/** Meters of the client, the recipes and the embedded server. The meters are written by the threads that they observe. */
@NullMarked
package io.coord.spring.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
