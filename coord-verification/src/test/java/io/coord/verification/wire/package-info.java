/**
 * A client made of a plain socket and stock jute records, so that tests see each frame as it comes and share no code with
 * what they test. A session belongs to the one thread that uses it.
 */
@NullMarked
package io.coord.verification.wire;

import org.jspecify.annotations.NullMarked;
