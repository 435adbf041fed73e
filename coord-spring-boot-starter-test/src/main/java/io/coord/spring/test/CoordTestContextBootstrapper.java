package io.coord.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Starts the contexts of {@link CoordTest}. */
final class CoordTestContextBootstrapper extends TestSliceTestContextBootstrapper<CoordTest> {}
