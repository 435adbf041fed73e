/**
 * Backups of a data directory, also of one that a server works in, and their way back. One thread, the caller's; nothing here
 * belongs to a running server.
 */
@NullMarked
package io.coord.server.internal.backup;

import org.jspecify.annotations.NullMarked;
