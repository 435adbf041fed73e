/**
 * A znode that is kept in place over lost sessions: what a persistent node and the registration of a service share. The serial
 * queue of each such znode owns its core.
 */
@NullMarked
package io.coord.recipes.internal.node;

import org.jspecify.annotations.NullMarked;
