/** What ZooKeeper's own server left on its disk, started by Coord: nobody can tell the difference. */
@NullMarked
package io.coord.verification.migration;

import org.jspecify.annotations.NullMarked;
