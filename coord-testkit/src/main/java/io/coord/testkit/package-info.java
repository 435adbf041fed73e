/**
 * What applications and recipes test with: a real server inside the test's own process, and a faulty network in front of
 * it. All types may be used from any thread; a {@code FaultProxy} keeps its state on an event loop of its own.
 */
@NullMarked
package io.coord.testkit;

import org.jspecify.annotations.NullMarked;
