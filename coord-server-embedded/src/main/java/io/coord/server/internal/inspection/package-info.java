/**
 * Looks at a data directory of Coord without changing it, while a server may work in it: what the log did, what a snapshot holds,
 * how two snapshots differ. One thread, the caller's.
 */
@NullMarked
package io.coord.server.internal.inspection;

import org.jspecify.annotations.NullMarked;
