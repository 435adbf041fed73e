/**
 * JMH benchmarks of the parts that every request passes: codec, state machine, watches. The normal build compiles them like
 * any test class; their generated code is made when they are run.
 */
@NullMarked
package io.coord.verification.bench.micro;

import org.jspecify.annotations.NullMarked;
