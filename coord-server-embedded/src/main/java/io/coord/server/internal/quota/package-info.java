/**
 * How many znodes and bytes there may be below a znode, and how many there are. Limits and figures are data of znodes below
 * {@code /zookeeper/quota}, so they are part of the replicated tree and of nothing else. Owned by the owner thread.
 */
@NullMarked
package io.coord.server.internal.quota;

import org.jspecify.annotations.NullMarked;
