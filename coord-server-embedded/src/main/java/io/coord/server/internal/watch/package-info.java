/**
 * Who wants to be told of what. Watches belong to connections of this server, are not replicated, and end with their
 * connection. Owned by the owner thread.
 */
@NullMarked
package io.coord.server.internal.watch;

import org.jspecify.annotations.NullMarked;
