/**
 * Sessions: the replicated table of them, and the soft state of the one server that decides when a session has been silent
 * for too long. Owned by the owner thread.
 */
@NullMarked
package io.coord.server.internal.session;

import org.jspecify.annotations.NullMarked;
