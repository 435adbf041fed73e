/**
 * Checks of what is written for users: that the examples in the Javadoc compile, that no public type is without one, and that
 * each row of the guide for users of Curator names a test that exercises it. Everything runs on the test's own thread.
 */
@NullMarked
package io.coord.verification.documentation;

import org.jspecify.annotations.NullMarked;
