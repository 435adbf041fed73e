/**
 * One session over its whole life. {@code SessionCore} decides, without network, thread, clock or randomness of its own;
 * {@code SessionLoop} is its shell on the one {@code coord-client-io} thread, which owns everything here once it is
 * submitted. Other threads enter by {@code SessionLoop.submit} only.
 */
@NullMarked
package io.coord.client.internal.session;

import org.jspecify.annotations.NullMarked;
