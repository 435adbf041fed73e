/**
 * The one node's write-ahead log and its snapshot files, without any idea of what is in an entry. Owned by the thread {@code
 * coord-log}; what {@code coord-log-background} does is named at the classes concerned. The format and its price:
 * {@code docs/decisions/0003-one-node-log.md}.
 */
@NullMarked
package io.coord.server.internal.log;

import org.jspecify.annotations.NullMarked;
