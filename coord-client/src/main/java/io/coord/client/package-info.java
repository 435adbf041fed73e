/**
 * The client: {@link io.coord.client.CoordClient}, and one builder for each operation. Builders belong to the thread that
 * made them; the client itself may be used by any thread.
 */
@NullMarked
package io.coord.client;

import org.jspecify.annotations.NullMarked;
