/** The values that requests and responses are made of: stats, ACLs, modes, paths, event types. Immutable. */
@NullMarked
package io.coord.protocol.data;

import org.jspecify.annotations.NullMarked;
