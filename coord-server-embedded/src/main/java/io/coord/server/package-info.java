/**
 * Coord's server, to be embedded: one node, in memory or on its own log. This package is its whole public API.
 */
@NullMarked
package io.coord.server;

import org.jspecify.annotations.NullMarked;
