/**
 * Reads a ZooKeeper server's data directory, as versions 3.4 to 3.9 write it, and makes a data directory of Coord out of it. One
 * thread, the caller's; nothing here belongs to a running server.
 */
@NullMarked
package io.coord.server.internal.migration;

import org.jspecify.annotations.NullMarked;
