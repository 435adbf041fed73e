/** Main code with a bug planted in a copy of it. On the test's own thread. */
@NullMarked
package io.coord.verification.patch;

import org.jspecify.annotations.NullMarked;
