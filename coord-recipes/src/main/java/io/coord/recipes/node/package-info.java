/**
 * Znodes that outlive lost sessions: persistent nodes, nodes with a time to live, members of a group. The serial queue of each
 * owns its core.
 */
@NullMarked
package io.coord.recipes.node;

import org.jspecify.annotations.NullMarked;
