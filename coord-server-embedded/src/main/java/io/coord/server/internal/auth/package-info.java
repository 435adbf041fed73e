/**
 * Who a connection is and what a znode's ACL lets it do: schemes turn the bytes of an addauth into ids, access lists are
 * matched against ids. Plain values without state of their own; used on the owner thread.
 */
@NullMarked
package io.coord.server.internal.auth;

import org.jspecify.annotations.NullMarked;
