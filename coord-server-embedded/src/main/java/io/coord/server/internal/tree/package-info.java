/**
 * The znodes: bytes in a few large arrays, known by handles; one hash table over all paths; and the edits that change them,
 * all or nothing.
 * Owned by the owner thread; nothing here knows sessions, connections or the log.
 */
@NullMarked
package io.coord.server.internal.tree;

import org.jspecify.annotations.NullMarked;
