/** Tests of applications with Coord: a server for them, and faults. What is here runs on the threads of the tests that use it. */
@NullMarked
package io.coord.spring.test;

import org.jspecify.annotations.NullMarked;
