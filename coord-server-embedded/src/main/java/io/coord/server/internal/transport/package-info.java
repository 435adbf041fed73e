/**
 * Bytes to requests and back: framing, decoding, encoding, one flush for each connection and turn of the loop. Owned by the
 * owner thread, which is the event loop of all channels.
 */
@NullMarked
package io.coord.server.internal.transport;

import org.jspecify.annotations.NullMarked;
