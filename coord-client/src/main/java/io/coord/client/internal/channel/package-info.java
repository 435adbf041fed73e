/** One connection: frames in and out. Owned by the network thread. */
@NullMarked
package io.coord.client.internal.channel;

import org.jspecify.annotations.NullMarked;
