/**
 * Which watches the client holds, whom they tell, and what to arm again on a new connection. The registry belongs to the
 * network thread.
 */
@NullMarked
package io.coord.client.internal.watch;

import org.jspecify.annotations.NullMarked;
