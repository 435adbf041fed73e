/** How answers look: text as ZooKeeper's shell prints it, tables, JSON. The thread that runs the command. */
@NullMarked
package io.coord.cli.output;

import org.jspecify.annotations.NullMarked;
