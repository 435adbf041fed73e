/**
 * The commands that work on a data directory: views of log and snapshot, comparison, backup, restore, import. The caller's thread;
 * a process of its own calls {@link io.coord.server.data.DataCommand#run} and ends with what it returns.
 */
@NullMarked
package io.coord.server.data;

import org.jspecify.annotations.NullMarked;
